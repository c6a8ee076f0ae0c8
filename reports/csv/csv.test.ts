import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  behindBalancerInput,
  emptyInput,
  fixtureInput,
  fixtureRaces,
  hostileName,
  sweepInput,
} from '../../test/fixtures/summary.ts';
import { csv } from './csv.ts';
import { renderCsv } from './csv-table.ts';
import { racesTable } from './races-table.ts';
import { summaryTable } from './summary-table.ts';
import { trialsTable } from './trials-table.ts';
import { windowsTable } from './windows-table.ts';

const tables = [summaryTable(['<name>']), trialsTable, windowsTable, racesTable];
const rowsOf = (input: ReturnType<typeof fixtureInput>, fileName: string) => {
  const text = csv.render(input).find((file) => file.fileName === fileName)?.text ?? '';
  const [heading, ...rows] = text.trimEnd().split('\n').map(cellsOf);
  return rows.map((cells) => Object.fromEntries(heading.map((name, index) => [name, cells[index]])));
};

/** Cells of one line, quotes undone; no fixture has a line break in a cell. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare,
  );
}

test.each(tables)(
  'docs/csv.md documents $fileName column by column',
  ({ fileName, description, columns }) => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/csv.md'), 'utf8');
    const section = page.split('\n## ').find((part) => part.startsWith(`${fileName}\n`)) ?? '';
    expect(section).toContain(description);
    const documented = [...section.matchAll(/^\| `(.+?)` \| (.+) \|$/gm)].map(([, name, text]) => [
      name,
      text,
    ]);
    expect(documented).toEqual(columns.map((column) => [column.name, column.description]));
  },
);

test.each(tables)('$fileName names no column twice', ({ columns }) => {
  const names = columns.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('summary.csv has a row per scenario and strategy, with the axes as columns', () => {
  const rows = rowsOf(sweepInput(), 'summary.csv');
  expect(rows).toHaveLength(9 * 7);
  expect(rows[0]).toMatchObject({
    strategy: 'reuse',
    isReference: 'true',
    'axis:network.rtt': '2ms',
    'axis:target.idleTimeout': '250ms',
    errorRateVerdict: '',
  });
});

test('summary.csv leaves cells empty where nothing is known, and writes numbers in full', () => {
  const rows = rowsOf(fixtureInput(), 'summary.csv');
  const hostile = rows[6];
  expect(hostile.strategy).toBe(hostileName.replace('\u001b', '�'));
  expect(hostile.serverCpuMsPer1000Requests).toBe('');
  expect(hostile.lost).toBe('');
  expect(rows[0].errorRate).toBe('0.0293');
  expect(rows[3].errorRateEffect).toBe('-0.0293');
});

test('summary.csv counts the second hop where there is one', () => {
  const [plain] = rowsOf(fixtureInput(), 'summary.csv');
  expect(plain).toMatchObject({ via: '', 'hop:upstreamDeaths': '' });
  const [reuse, retry] = rowsOf(behindBalancerInput(), 'summary.csv');
  expect(reuse).toMatchObject({ via: 'nginx', 'hop:upstreamAttempts': '1640', 'hop:upstreamDeaths': '31' });
  expect(retry['hop:madeByBalancer']).toBe('0');
});

test('trials.csv and windows.csv have a row for each of theirs', () => {
  const input = fixtureInput();
  const trials = rowsOf(input, 'trials.csv');
  expect(trials).toHaveLength(7 * 3);
  expect(trials.filter(({ isHealthy }) => isHealthy === 'false')).toMatchObject(
    [{ round: '2', strategy: /mine/ }].map(() => ({ round: '2' })),
  );
  expect(rowsOf(input, 'windows.csv')).toHaveLength(7 * 3 * 8);
  expect(renderCsv(racesTable, fixtureRaces()).text.trimEnd().split('\n')).toHaveLength(1 + 40);
});

test('csv of a run without trials has headings alone', () => {
  for (const { text } of csv.render(emptyInput())) expect(text.trimEnd().split('\n')).toHaveLength(1);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-cmd', "'-cmd"],
  ['@sum', "'@sum"],
  [-1.5, '-1.5'],
  [true, 'true'],
  [null, ''],
  [Number.NaN, ''],
  [0, '0'],
  ['a,b', '"a,b"'],
])('renderCsv() writes %j as %j', (value, text) => {
  const table = {
    fileName: 'x.csv',
    description: '',
    columns: [
      { name: 'x', description: '', of: () => value },
      { name: 'y', description: '', of: () => 1 },
    ],
  };
  expect(renderCsv(table, [null]).text).toBe(`x,y\n${text},1\n`);
});
