import { expect, test } from 'vitest';
import { prng } from '../../harness/base/prng.ts';
import { pairedRateDifference, type RatePair } from './paired-rate-difference.ts';

const pair = (own: number, reference: number, started = 6_000): RatePair => ({
  own: { failed: own, started },
  reference: { failed: reference, started },
});

test('pairedRateDifference() is not convinced by one bad round', () => {
  const { estimate, low, high } = pairedRateDifference([pair(0, 0), pair(0, 0), pair(60, 0)], 1);
  expect(estimate).toBeCloseTo(60 / 18_000, 9);
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0.003);
});

test('pairedRateDifference() is convinced by rounds that agree', () => {
  const { low, high } = pairedRateDifference([pair(0, 170), pair(0, 190), pair(0, 180)], 1);
  expect(high).toBeLessThan(-0.02);
  expect(low).toBeGreaterThan(-0.04);
});

test('pairedRateDifference() keeps the width of counts where no round has a failure', () => {
  const { estimate, low, high } = pairedRateDifference([pair(0, 0), pair(0, 0), pair(0, 0)], 1);
  expect(estimate).toBe(0);
  expect(low).toBeLessThan(-0.0001);
  expect(high).toBeGreaterThan(0.0001);
});

test('pairedRateDifference() has no bounds with one round, and nothing without one', () => {
  expect(pairedRateDifference([pair(10, 200)], 1)).toMatchObject({ low: null, high: null });
  expect(pairedRateDifference([], 1)).toEqual({ estimate: null, low: null, high: null });
});

test('pairedRateDifference() raises few false alarms where failures come in bursts', () => {
  const random = prng(5, 'bursts');
  const failures = () => (random() < 0.2 ? Math.round(6_000 * 0.02 * (0.5 + random())) : 0);
  const experiments = 600;
  let alarms = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const pairs = Array.from({ length: 5 }, () => pair(failures(), failures()));
    const { low, high } = pairedRateDifference(pairs, experiment);
    if (low !== null && high !== null && (low > 0 || high < 0)) alarms++;
  }
  // Nominal 5 %; with the counts' interval alone it was above 40 %.
  expect(alarms / experiments).toBeLessThan(0.08);
});
