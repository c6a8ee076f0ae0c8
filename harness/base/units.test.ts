import { expect, test } from 'vitest';
import { formatDuration, parseDurationMs } from './units.ts';

test.each([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['2 m', 120_000],
  ['1h', 3_600_000],
  ['0', 0],
  ['0ms', 0],
  ['500', null],
  ['-1s', null],
  ['5 days', null],
  ['1e3ms', null],
  ['', null],
])('parseDurationMs() reads %j as %j', (text, expected) => {
  expect(parseDurationMs(text)).toBe(expected);
});

test.each([
  [0, '0ms'],
  [0.25, '0.25ms'],
  [500, '500ms'],
  [2_600, '2.6s'],
  [180_000, '3m'],
  [7_200_000, '2h'],
])('formatDuration() writes %j as %j', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});
