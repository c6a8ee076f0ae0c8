#!/usr/bin/env node
/**
 * Counts the lines of source per folder, and prints the median and the longest files. Tests, fixtures, and docs are left out.
 * Run it before and after a restructuring: `npm run lines`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const folders = ['harness', 'strategies', 'results', 'reports', 'scripts'];

interface Source {
  readonly path: string;
  readonly lines: number;
}

const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|go)$/.test(entry.name) && !/[._]test\.\w+$/.test(entry.name))
    .map(({ parentPath, name }): Source => {
      const path = join(parentPath, name);
      return { path: relative(root, path), lines: readFileSync(path, 'utf8').split('\n').length - 1 };
    }),
);

for (const ending of ['.ts', '.go']) {
  const files = sources.filter(({ path }) => path.endsWith(ending));
  console.log(`${ending.slice(1)} files`);
  for (const [folder, inside] of Object.entries(Object.groupBy(files, folderOf))) {
    if (inside !== undefined) console.log(`  ${folder.padEnd(22)}${figures(inside)}`);
  }
  console.log(`  ${'all'.padEnd(22)}${figures(files)}`);
  const [longest] = files.toSorted((a, b) => b.lines - a.lines);
  console.log(`  longest: ${longest.path}, ${longest.lines} lines\n`);
}

/** Two levels inside harness, where most of the source is; elsewhere one. */
function folderOf({ path }: Source): string {
  const parts = path.split('/').slice(0, -1);
  return parts.slice(0, parts[0] === 'harness' ? 2 : 1).join('/');
}

function figures(files: readonly Source[]): string {
  const lines = files.map((file) => file.lines).sort((a, b) => a - b);
  const total = lines.reduce((sum, one) => sum + one, 0);
  const cells = [`${files.length} files`, `${total} lines`, `median ${lines[lines.length >> 1]}`];
  return [...cells, `max ${lines.at(-1)}`].map((cell) => cell.padStart(13)).join('');
}
