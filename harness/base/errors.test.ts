import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorTable, HarnessError } from './errors.ts';

test('docs/errors.md lists exactly the codes of the error table, with their exit codes', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
  const documented = [...text.matchAll(/^\| `([a-z-]+)` \| (\d+) \|/gm)].map(([, code, exit]) => [
    code,
    +exit,
  ]);
  const table = Object.entries(errorTable).map(([code, { exitCode }]) => [code, exitCode]);
  expect(documented).toEqual(table);
});

test('HarnessError carries its code, exit code, and the hint of the table or a better one', () => {
  const plain = new HarnessError('target-lost', 'Gone.');
  expect([plain.code, plain.exitCode, plain.hint]).toEqual([
    'target-lost',
    3,
    errorTable['target-lost'].hint,
  ]);
  expect(new HarnessError('fd-limit', 'Low.', { hint: 'ulimit -n 5000' }).hint).toBe('ulimit -n 5000');
});
