/** The race law can run in a web page: nothing that it imports, directly or through others, is a module of Node's. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

/** Specifiers of what stays after types are stripped. */
const imports = /^(?:import|export)\s+(?!type\s)(?:[^;'"]*\sfrom\s+)?['"]([^'"]+)['"]/gm;

/** Adds `file` and all that it reaches to `reached`: files by path, modules of Node's by name. */
function reach(file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  if (isBuiltin(file)) return;
  const { resolve } = createRequire(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(imports)) reach(resolve(name), reached);
}

test('no module of Node is reached from the race law', () => {
  const reached = new Set<string>();
  const files = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'));
  for (const name of files) reach(join(import.meta.dirname, name), reached);
  expect([...reached].filter(isBuiltin)).toEqual([]);
  // The walk leaves the folder, and follows packages too.
  expect([...reached].map((file) => basename(file))).toEqual(
    expect.arrayContaining(['prng.ts', 'sha2.js', '_md.js']),
  );
});
