import { expect, test } from 'vitest';
import { fixtureInput } from '../test/fixtures/summary.ts';
import { comparisonTable } from './comparison-table.ts';
import { notAvailable } from './format.ts';

const [scenario] = fixtureInput().summary.scenarios;

const cellsOf = (id: string, reference = 'reuse') =>
  comparisonTable(scenario, reference)
    .columns.find((column) => column.id === id)
    ?.cells.map(({ full }) => full) ?? [];

test('comparisonTable() puts the reference first and keeps the order of the others', () => {
  const labels = comparisonTable(scenario, 'evict').strategies.map(({ label }) => label);
  expect(labels.slice(0, 6)).toEqual(['evict', 'reuse', 'retry', 'long-idle', 'short-lived', 'evict+retry']);
});

test('comparisonTable() gives estimates with intervals, bounds of zeros, and says what is not available', () => {
  expect(cellsOf('errors').slice(0, 2)).toEqual(['2.9 (2.5–3.4)', '0 of 9,412']);
  expect(cellsOf('predicted')[2]).toBe('0.0');
  expect(cellsOf('twice')).toEqual(['0', '41', '0', '0', '0', '0', notAvailable]);
  expect(cellsOf('cpu').at(-1)).toBe(notAvailable);
});

test('comparisonTable() shows how many requests there were, and that a percentile of time to success was not reached', () => {
  expect(cellsOf('requests')[0]).toBe('9,412');
  expect(cellsOf('success').slice(0, 2)).toEqual(['not reached', '27.4 (25.0–30.1)']);
  expect(cellsOf('answered')[1]).toBe('392 (391–394)');
});

test('comparisonTable() gives no interval to a figure that was zero in every round', () => {
  expect(cellsOf('opened')[2]).toBe('0');
});

test('comparisonTable() keeps a digit of a rate that is small but not zero', () => {
  const strategies = scenario.strategies.map((one, row) =>
    row === 1 ? { ...one, prediction: { ...one.prediction, raceProbability: 9e-7 } } : one,
  );
  const { columns } = comparisonTable({ ...scenario, strategies }, 'reuse');
  expect(columns.find(({ id }) => id === 'predicted')?.cells[1].full).toBe('0.00009');
  // Of a zero that replays counted, only a bound is known.
  const counted = {
    ...scenario.prediction,
    raceProbability: 0,
    by: 'replay',
    requestsReplayed: 160_000,
  } as const;
  const zeros = scenario.strategies.map((one, row) => (row === 1 ? { ...one, prediction: counted } : one));
  const table = comparisonTable({ ...scenario, strategies: zeros }, 'reuse');
  expect(table.columns.find(({ id }) => id === 'predicted')?.cells[1].full).toBe('< 0.002');
});

test('comparisonTable() has a cell for each strategy in each column', () => {
  const { columns, strategies } = comparisonTable(scenario, 'reuse');
  for (const { cells, meaning } of columns) {
    expect(cells).toHaveLength(strategies.length);
    expect(meaning).toMatch(/\.$/);
  }
});
