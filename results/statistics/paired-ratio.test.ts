import { expect, test } from 'vitest';
import { pairedRatio } from './paired-ratio.ts';
import { studentTQuantile } from './student-t-quantile.ts';

test('pairedRatio() cancels what both strategies of a round share', () => {
  const { estimate, low, high } = pairedRatio([11, 22, 440], [10, 20, 400], 1);
  for (const value of [estimate, low, high]) expect(value).toBeCloseTo(1.1, 10);
});

test('pairedRatio() is Student’s t on the logarithms of the ratios', () => {
  const logs = [0.1, 0.2, 0.6];
  const { estimate, low, high } = pairedRatio(logs.map(Math.exp), [1, 1, 1], 1);
  const halfWidth = (studentTQuantile(0.975, 2) * Math.sqrt(0.07)) / Math.sqrt(3);
  expect(estimate).toBeCloseTo(Math.exp(0.3), 10);
  expect(low).toBeCloseTo(Math.exp(0.3 - halfWidth), 10);
  expect(high).toBeCloseTo(Math.exp(0.3 + halfWidth), 8);
});

test('pairedRatio() leaves out a round that only one of them has', () => {
  expect(pairedRatio([2, null, 6, 9], [1, 5, 2, null], 1)).toEqual(pairedRatio([2, 6], [1, 2], 1));
});

test('pairedRatio() with a zero is the ratio of the sums', () => {
  const { estimate, low, high } = pairedRatio([0, 3, 3], [4, 4, 4], 1);
  expect(estimate).toBe(0.5);
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(1);
});

test.each([
  [
    [1, 2],
    [0, 0],
  ],
  [[], []],
  [[null], [1]],
])('pairedRatio() of %j and %j is unknown', (strategy, reference) => {
  expect(pairedRatio(strategy, reference, 1)).toEqual({ estimate: null, low: null, high: null });
});
