import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timesOf } from '../../harness/base/statistics/times.ts';
import { bootstrapInterval, resamples } from './bootstrap-rounds.ts';
import { pooledQuantile } from './pooled-quantile.ts';
import { studentTQuantile } from './student-t-quantile.ts';

const linear = { scale: 'linear', seed: 1 } as const;
const log = { scale: 'log', seed: 1 } as const;

function weightedMean(values: readonly number[]) {
  return (weights: Uint8Array) =>
    values.reduce((sum, value, round) => sum + weights[round] * value, 0) / values.length;
}

function studentInterval(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (values.length - 1) / values.length);
  const halfWidth = studentTQuantile(0.975, values.length - 1) * standardError;
  return { mean, low: mean - halfWidth, high: mean + halfWidth };
}

test.each([
  [1, 1],
  [2, 3],
  [3, 10],
  [5, 126],
  [7, 1716],
])('resamples() of %d rounds lists all %d multisets with probabilities that sum to 1', (rounds, count) => {
  const all = [...resamples(rounds, 1)];
  expect(new Set(all.map(({ weights }) => weights.join())).size).toBe(count);
  expect(all).toHaveLength(count);
  expect(all.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
  for (const { weights } of all) expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(rounds);
});

test('resamples() gives the multinomial probability', () => {
  const probabilities = new Map(
    [...resamples(3, 1)].map(({ weights, probability }) => [weights.join(), probability]),
  );
  expect(probabilities.get('1,1,1')).toBeCloseTo(6 / 27, 12);
  expect(probabilities.get('2,0,1')).toBeCloseTo(3 / 27, 12);
  expect(probabilities.get('0,3,0')).toBeCloseTo(1 / 27, 12);
});

test('resamples() above seven rounds repeats with its seed and differs with another', () => {
  const drawn = (seed: number) => [...resamples(9, seed)].map(({ weights }) => weights.join());
  expect(drawn(5)).toHaveLength(2000);
  expect(drawn(5)).toEqual(drawn(5));
  expect(drawn(6)).not.toEqual(drawn(5));
});

test('bootstrapInterval() of a mean is exactly Student’s t interval', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(values, (rounds) => {
      const interval = bootstrapInterval(weightedMean(rounds), rounds.length, linear);
      const student = studentInterval(rounds);
      expect(interval.estimate).toBeCloseTo(student.mean, 8);
      expect(interval.low).toBeCloseTo(student.low, 6);
      expect(interval.high).toBeCloseTo(student.high, 6);
    }),
  );
});

test('bootstrapInterval() of a mean of ten rounds is Student’s within the noise of its draws', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
  const interval = bootstrapInterval(weightedMean(values), values.length, linear);
  const student = studentInterval(values);
  const halfWidth = (student.high - student.low) / 2;
  expect(((interval.high ?? 0) - (interval.low ?? 0)) / 2 / halfWidth).toBeCloseTo(1, 1);
});

test('bootstrapInterval() on the log scale is symmetric as a ratio and never below zero', () => {
  const { estimate, low, high } = bootstrapInterval(weightedMean([1, 2, 9]), 3, log);
  expect(estimate).toBe(4);
  expect(low).toBeGreaterThan(0);
  expect((high ?? 0) / 4).toBeCloseTo(4 / (low ?? 1), 10);
});

test('bootstrapInterval() on the log scale falls back to linear where a resample is zero, and stays above 0', () => {
  const statistic = weightedMean([0, 1, 2]);
  expect(bootstrapInterval(statistic, 3, log)).toEqual({
    ...bootstrapInterval(statistic, 3, linear),
    low: 0,
  });
});

test('bootstrapInterval() of a paired ratio cancels what both strategies of a round share', () => {
  // Rounds differ by a factor of four; the strategy is 10 % slower in each of them.
  const roundsOf = (factor: number) =>
    [1, 2, 4].map((speed) =>
      timesOf(Float64Array.from({ length: 200 }, (_, index) => factor * speed * (100 + index))),
    );
  const [rounds, slower] = [roundsOf(1), roundsOf(1.1)];
  const ratio = (weights: Uint8Array) =>
    (pooledQuantile(slower, weights, 0.5) ?? 0) / (pooledQuantile(rounds, weights, 0.5) ?? 0);
  const { estimate, low, high } = bootstrapInterval(ratio, 3, log);
  expect(estimate).toBeCloseTo(1.1, 10);
  expect(low).toBeCloseTo(1.1, 10);
  expect(high).toBeCloseTo(1.1, 10);
});

test.each([
  ['one round', 1, () => 3, { estimate: 3, low: null, high: null }],
  ['no round', 0, () => 3, { estimate: null, low: null, high: null }],
  ['no value', 3, () => null, { estimate: null, low: null, high: null }],
  ['0/0', 3, () => Number.NaN, { estimate: null, low: null, high: null }],
  [
    'a resample without a value',
    3,
    (weights: Uint8Array) => (weights[0] === 0 ? null : 3),
    { estimate: 3, low: null, high: null },
  ],
])('bootstrapInterval() gives no bounds for %s', (_, rounds, statistic, expected) => {
  expect(bootstrapInterval(statistic, rounds, linear)).toEqual(expected);
});
