/** A file below /proc, or null where there is none: not Linux, or the process is gone. */
import { readFileSync } from 'node:fs';

export function procFile(path: string): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return null;
  }
}
