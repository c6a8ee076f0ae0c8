import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
  [20, 20, 0.8389, 1],
])('wilsonInterval(%d, %d) is the published %d to %d', (failures, trials, low, high) => {
  const interval = wilsonInterval(failures, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('wilsonInterval() contains its estimate and stays within 0 to 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (trials, share) => {
        const { estimate, low, high } = wilsonInterval(Math.round(share * trials), trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(estimate ?? Number.NaN);
        expect(high).toBeGreaterThanOrEqual(estimate ?? Number.NaN);
        expect(high).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('wilsonInterval() starts at exactly 0 without failures and ends near 3.84/n', () => {
  const { low, high } = wilsonInterval(0, 10_000);
  expect(low).toBe(0);
  expect(high).toBeCloseTo(3.84 / 10_003.84, 6);
});

test('wilsonInterval() widens with fewer effective trials and keeps its estimate', () => {
  const all = wilsonInterval(30, 1000);
  const half = wilsonInterval(30, 1000, 500);
  expect(half.estimate).toBe(all.estimate);
  expect(half.low).toBeLessThan(all.low ?? 0);
  expect(half.high).toBeGreaterThan(all.high ?? 1);
});

test('wilsonInterval() knows nothing without trials', () => {
  expect(wilsonInterval(0, 0)).toEqual({ estimate: null, low: null, high: null });
});
