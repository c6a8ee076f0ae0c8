import { expect, test } from 'vitest';
import { cellText, comparisonTable } from './comparison-table.ts';
import { fixtureInput } from './fixture-summary.ts';
import { notAvailable } from './format.ts';

const [scenario] = fixtureInput().summary.scenarios;

const cellsOf = (id: string, reference = 'reuse') =>
  comparisonTable(scenario, reference)
    .columns.find((column) => column.id === id)
    ?.cells.map(cellText) ?? [];

test('comparisonTable() puts the reference first and keeps the order of the others', () => {
  const labels = comparisonTable(scenario, 'evict').strategies.map(({ label }) => label);
  expect(labels.slice(0, 6)).toEqual(['evict', 'reuse', 'retry', 'long-idle', 'short-lived', 'evict+retry']);
});

test('comparisonTable() gives estimates with intervals, bounds of zeros, and says what is not available', () => {
  expect(cellsOf('errors').slice(0, 2)).toEqual(['2.9 (2.5–3.4)', '0 (< 0.032)']);
  expect(cellsOf('predicted')[2]).toBe('0.0');
  expect(cellsOf('twice')).toEqual(['0', '41', '0', '0', '0', '0', notAvailable]);
  expect(cellsOf('cpu').at(-1)).toBe(notAvailable);
});

test('comparisonTable() has a cell for each strategy in each column', () => {
  const { columns, strategies } = comparisonTable(scenario, 'reuse');
  for (const { cells, meaning } of columns) {
    expect(cells).toHaveLength(strategies.length);
    expect(meaning).toMatch(/\.$/);
  }
});
