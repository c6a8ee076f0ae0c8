/** The package's own version, from the nearest package.json above this file. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function packageVersion(): string {
  // In the sources two folders up, in the built package three.
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (name === 'idlerace' && typeof version === 'string') return version;
    } catch {
      // Not here: one folder up.
    }
  }
  return 'unknown';
}
