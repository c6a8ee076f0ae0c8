import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMatrix } from '../../harness/config/read-matrix.ts';
import { emptyInput } from '../../test/fixtures/summary.ts';
import { fieldReports } from './field-reports.ts';

const folder = join(import.meta.dirname, '../../examples/field');
const ids = fieldReports.map(({ id }) => id);

test('every matrix of examples/field has its expectations and its paragraph, in order', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  expect(files.map((name) => name.replace('.yaml', '')).sort()).toEqual(ids);
  const headings = readFileSync(join(folder, 'README.md'), 'utf8').match(/^## .+$/gm) ?? [];
  expect(headings.map((heading) => heading.slice(3))).toEqual(ids);
});

test.each(ids)('%s is a matrix that is accepted', (id) => {
  const file = join(folder, `${id}.yaml`);
  const config = readMatrix(readFileSync(file, 'utf8'), file, { cwd: folder });
  expect(`${id}`.slice(3)).toBe(config.name);
});

test('a summary of another run breaks the expectations with a name, not silently', () => {
  for (const { expectations } of fieldReports) {
    expect(() => expectations(emptyInput().summary)).toThrow(/scenario|strategy/i);
  }
});
