/** The interval of a percentile allows for the buckets in which many times are counted. */
import { expect, test } from 'vitest';
import { timesOf } from '../harness/base/statistics/times.ts';
import { percentileOf } from './summarize-strategy.ts';

const rounds = (requests: number) =>
  [12.0001, 12.0002, 12.0003].map((ms) => timesOf(new Float64Array(requests).fill(ms)));

test('percentileOf() of rounds whose times share a bucket is no exact number', () => {
  const { low, high } = percentileOf(rounds(20_000), 0.5, 1);
  expect(low).toBeLessThan(12.0001);
  expect(high).toBeGreaterThan(12.0003);
});

test('percentileOf() of few exact times is Student’s interval alone', () => {
  const { estimate, low, high } = percentileOf(rounds(1_000), 0.5, 1);
  expect(estimate).toBe(12.0002);
  expect((high ?? 0) - (low ?? 0)).toBeLessThan(0.001);
});
