/** Files and folders below /proc; null or empty where there is none: not Linux, or the process is gone. */
import { readdirSync, readFileSync } from 'node:fs';

export function procFile(path: string): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return null;
  }
}

export function procFolder(path: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  try {
    return readdirSync(`/proc/${path}`);
  } catch {
    return [];
  }
}
