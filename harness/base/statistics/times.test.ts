/** Times keep few samples exactly, and many within a known error, whatever they are. */
import { expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { quantile } from './quantile.ts';
import {
  countBelow,
  countInBuckets,
  countOf,
  countUpTo,
  maxOf,
  quantileOf,
  resolutionOf,
  timesOf,
  withEndless,
} from './times.ts';

/** Uniform in the logarithm, from 0.01 to 100,000. */
function samples(count: number): Float64Array {
  const random = prng('times', count);
  return Float64Array.from({ length: count }, () => 10 ** (7 * random() - 2));
}

const shares = [0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1];

test('timesOf() of few samples has their exact quantiles, and leaves them as they were', () => {
  const few = samples(10_000);
  expect(resolutionOf(timesOf(few))).toBe(0);
  const before = few.slice();
  const times = timesOf(few);
  expect(few).toEqual(before);
  for (const p of shares) expect(quantileOf(times, p)).toBe(quantile(few.toSorted(), p));
  expect(quantileOf(timesOf(new Float64Array()), 0.5)).toBeNull();
});

test('timesOf() of many samples is bounded, and no quantile is off by more than 0.05 %', () => {
  const many = samples(300_000);
  const times = timesOf(many);
  const sorted = many.toSorted();
  expect(times.values.length).toBeLessThan(24 * 1_024);
  expect([countOf(times), maxOf(times)]).toEqual([many.length, sorted.at(-1)]);
  expect(resolutionOf(times)).toBe(1 / 1_024);
  for (const p of shares) {
    const exact = quantile(sorted, p) ?? Number.NaN;
    expect(Math.abs((quantileOf(times, p) ?? Number.NaN) / exact - 1)).toBeLessThan(0.000_5);
  }
});

test('timesOf() keeps the error also in the bucket of the largest value', () => {
  const close = Float64Array.from({ length: 20_001 }, (_, index) => 1_024 + index / 20_001);
  for (const p of shares) {
    const exact = quantile(close, p) ?? Number.NaN;
    expect(Math.abs((quantileOf(timesOf(close), p) ?? Number.NaN) / exact - 1)).toBeLessThan(0.000_5);
  }
  expect(maxOf(timesOf(close))).toBe(close.at(-1));
});

test('timesOf() takes a part of a larger buffer, and counts what is below the finest bucket as 0', () => {
  const buffer = new Float64Array(30_000).fill(5);
  buffer.fill(-1, 5_000, 10_000);
  const times = timesOf(buffer.subarray(5_000, 25_000));
  expect([countOf(times), countUpTo(times, 0), countBelow(times, 4.9), maxOf(times)]).toEqual([
    20_000, 5_000, 5_000, 5,
  ]);
});

test('withEndless() adds samples that lie beyond all others', () => {
  const times = withEndless(timesOf(Float64Array.of(3, 1, 2)), 2);
  expect([countOf(times), quantileOf(times, 0.6), quantileOf(times, 0.61)]).toEqual([
    5,
    3,
    Number.POSITIVE_INFINITY,
  ]);
});

test('countInBuckets() holds every whole number below 2,048 in a separate bucket', () => {
  const found: number[] = [];
  const whole = Float64Array.from({ length: 2_047 }, (_, index) => index + 1);
  const max = countInBuckets(whole, (value, count) => {
    expect(count).toBe(1);
    found.push(Math.floor(value));
  });
  expect(max).toBe(2_047);
  expect(found).toEqual([...whole]);
});
