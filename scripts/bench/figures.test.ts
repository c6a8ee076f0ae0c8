import { expect, test } from 'vitest';
import { type Figure, figureTable, ratio, reached } from './figures.ts';

const perConnection: Figure = { what: 'memory', value: 7, unit: 'KiB', bar: 6, aim: 4 };
const informative: Figure = { what: 'share of one core', value: 0.42, unit: '%', bar: null, aim: null };

test.each([
  [ratio('more is better', 1.2, 1.2, 1.5), true],
  [ratio('more is better', 1.19, 1.2, 1.5), false],
  [ratio('less is better', 0.25, 0.25, 0.1), true],
  [perConnection, false],
  [ratio('a rival that is not installed', null, 1, 2), null],
  [informative, null],
])('reached(%j) is %s', (figure, expected) => {
  expect(reached(figure)).toBe(expected);
});

test('figureTable() shows value, bar, and aim in the unit of the figure, and says what is missed', () => {
  const lines = figureTable([perConnection, informative, ratio('over wrk', null, 0.6, 0.8)]).split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['figure', 'value', 'bar', 'aim'],
    ['memory', '7 KiB', '6 KiB', '4 KiB', 'MISSED'],
    ['share of one core', '42 %', '-', '-', '-'],
    ['over wrk', 'not measured', '0.6 ×', '0.8 ×', '-'],
    [''],
  ]);
});
