/** `npm run new` makes each kind of part in a copy of the repository: it compiles, is lint-free, and its tests pass. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { knobRows } from '../../harness/contract/knobs.ts';

const root = join(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'idlerace-new-'));
afterAll(() => rmSync(copy, { recursive: true }));
const left = ['.git', 'node_modules', 'dist', 'runs'];
cpSync(root, copy, { recursive: true, filter: (path) => path === root || !left.includes(basename(path)) });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** @returns What it printed. Rejects when its exit code is not 0. */
async function run(program: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, { cwd: copy });
  return stdout;
}
const make = (...words: readonly string[]) => run(process.execPath, 'scripts/new.ts', ...words);
const bin = (name: string) => join(root, 'node_modules/.bin', name);

test('without arguments it lists the ten kinds, a sentence each', async () => {
  const rows = [...(await make()).matchAll(/^ {2}([a-z]+) +([A-Z].*\.)$/gm)].map(([, kind]) => kind);
  expect(rows).toEqual(kinds);
});

test.each([
  [['nothing', 'mine'], 'There is no kind "nothing"'],
  [['strategy', 'My Fix'], 'Expected kebab case'],
  [['fault', 'crash'], "harness/contract/fault.ts already has 'crash'. Nothing was written."],
  [['strategy', 'evict'], 'strategies/evict.ts already exists. Nothing was written.'],
])('%j is refused', async (words, message) => {
  await expect(make(...words)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

test('a table that does not have the expected shape is refused, and nothing is written', async () => {
  const table = join(copy, 'reports/index.test.ts');
  const text = readFileSync(table, 'utf8');
  writeFileSync(table, text.replace('expect(files)', 'expect(names)'));
  await expect(make('format', 'lost')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('reports/index.test.ts does not have the expected text'),
  });
  writeFileSync(table, text);
  expect(readFileSync(join(copy, 'reports/index.ts'), 'utf8')).not.toContain('lost');
  expect(() => readFileSync(join(copy, 'reports/lost.ts'))).toThrow();
});

const kinds = [
  'balancer',
  'check',
  'client',
  'driver',
  'fault',
  'format',
  'settings',
  'strategy',
  'target',
  'traffic',
];

test('each kind compiles, is lint-free, and passes its tests and those of its family', async () => {
  for (const kind of kinds) {
    expect(await make(kind, `new-${kind}`), kind).toContain('Next:');
  }
  const stack = readFileSync(join(copy, 'harness/settings/new-settings.ts'), 'utf8');
  for (const knob of knobRows.keys()) expect(stack).toContain(knob.split('.')[1]);
  await run(bin('tsc'), '--noEmit');
  await run(bin('biome'), 'check');
  await run(bin('vitest'), 'run', ...tests);
}, 180_000);

/** Those of a file made here, and those of the tables that it was put into. */
const tests = [
  'new-',
  'strategies/',
  'reports/index.test.ts',
  'harness/settings/settings',
  'harness/client/client-contract.test.ts',
  'harness/model/plan/build-plan.test.ts',
  'harness/target/faults.test.ts',
  'harness/selftest/check-faults.test.ts',
  'harness/config/matrix',
];
