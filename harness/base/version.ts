/** The package's own folder and version, from the nearest package.json above this file. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function packageVersion(): string {
  return findPackage()?.version ?? 'unknown';
}

/** Where `package.json` lies; null where somebody has taken the code out of its package. */
export function packageFolder(): string | null {
  return findPackage()?.folder ?? null;
}

function findPackage(): { readonly folder: string; readonly version: string } | null {
  // In the sources two folders up, in the built package three.
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (name === 'idlerace' && typeof version === 'string') return { folder, version };
    } catch {
      // Not here: one folder up.
    }
  }
  return null;
}
