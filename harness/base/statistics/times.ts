/**
 * A distribution of times in bounded memory: ascending values, and how many samples are at or below each.
 *
 * Up to `exactMax` samples every value is kept. Above that they are counted in a log-linear grid of 1,024 buckets for each
 * factor of two (the leading bits of the IEEE 754 double, as in HdrHistogram), and a bucket's middle stands for its
 * samples: no more than 0.05 % off. Values below 1/1,024 count as 0. The largest value is always exact.
 */
import { GrowingColumn } from '../columns/growing-column.ts';
import { nearestRank } from './quantile.ts';

export interface Times {
  readonly values: Float64Array;
  /** How many samples are at or below the value; the last entry counts all of them. */
  readonly upTo: Uint32Array;
}

/** Up to this many samples are kept as they are; more are counted in buckets. */
const exactMax = 10_000;

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
/** Sign, exponent, and ten bits of the fraction. */
const shift = 10;
/** One double, and its two words. */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const keyOf = (value: number) => {
  double[0] = value;
  return words[isLittleEndian ? 1 : 0] >> shift;
};
/** The first bucket, for all values below 1/1,024. */
const firstKey = keyOf(2 ** -10) - 1;

/** @param samples In any order, finite. The function keeps no reference, so they may be part of a larger buffer. */
export function timesOf(samples: Float64Array): Times {
  if (samples.length > exactMax) return inBuckets(samples);
  return { values: samples.toSorted(), upTo: Uint32Array.from(samples, (_, index) => index + 1) };
}

export const noTimes: Times = timesOf(new Float64Array(0));

function inBuckets(samples: Float64Array): Times {
  const values = new GrowingColumn(Float64Array);
  const upTo = new GrowingColumn(Uint32Array);
  let below = 0;
  const max = countInBuckets(samples, (value, count) => {
    below += count;
    values.push(value);
    upTo.push(below);
  });
  // A separate entry for the largest value: the other samples in its bucket may be 0.1 % smaller.
  const last = values.length - 1;
  values.set(last, Math.min(values.at(last), max));
  upTo.set(last, below - 1);
  values.push(max);
  upTo.push(below);
  return { values: values.toArray(), upTo: upTo.toArray() };
}

/** @param each Gets, ascending, the middle of each bucket that holds a sample, and how many it holds. @returns The largest sample. */
export function countInBuckets(samples: Float64Array, each: (value: number, count: number) => void): number {
  let max = 0;
  for (const value of samples) if (value > max) max = value;
  const counts = new Uint32Array(Math.max(0, keyOf(max) - firstKey) + 1);
  const all = new Int32Array(samples.buffer, samples.byteOffset, 2 * samples.length);
  for (let at = isLittleEndian ? 1 : 0; at < all.length; at += 2) {
    const bucket = (all[at] >> shift) - firstKey;
    counts[bucket > 0 ? bucket : 0]++;
  }
  for (let bucket = 0; bucket < counts.length; bucket++) {
    if (counts[bucket] > 0) each(bucket === 0 ? 0 : middleOf(bucket + firstKey), counts[bucket]);
  }
  return max;
}

function middleOf(key: number): number {
  words[isLittleEndian ? 1 : 0] = (key << shift) | (1 << (shift - 1));
  words[isLittleEndian ? 0 : 1] = 0;
  return double[0];
}

export function countOf({ upTo }: Times): number {
  return upTo.length === 0 ? 0 : upTo[upTo.length - 1];
}

/** How far apart, as a share of them, two times may lie that count as one; 0: they are exact. */
export function resolutionOf(times: Times): number {
  return countOf(times) > exactMax ? 2 ** -10 : 0;
}

export function maxOf({ values }: Times): number | null {
  return values.at(-1) ?? null;
}

/** How many samples are at or below the limit. */
export function countUpTo({ values, upTo }: Times, limit: number): number {
  const at = firstOf(values.length, (entry) => values[entry] > limit);
  return at === 0 ? 0 : upTo[at - 1];
}

export function countBelow(times: Times, limit: number): number {
  const at = entriesBelow(times, limit);
  return at === 0 ? 0 : times.upTo[at - 1];
}

/** How many of the values, not of the samples, are below the limit. */
export function entriesBelow({ values }: Times, limit: number): number {
  return firstOf(values.length, (entry) => values[entry] >= limit);
}

/** By nearest rank, as `quantile()`. @returns null when there is no sample. */
export function quantileOf(times: Times, p: number): number | null {
  const count = countOf(times);
  return count === 0 ? null : valueAt(times, nearestRank(p, count));
}

/** The value of a rank, from 1 to the number of samples. */
function valueAt({ values, upTo }: Times, rank: number): number {
  return values[firstOf(values.length, (entry) => upTo[entry] >= rank)];
}

/** The first of `length` positions at which a condition holds that holds from there on; `length` if it never does. */
export function firstOf(length: number, holds: (position: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The same samples, plus `more` samples that never ended. */
export function withEndless(times: Times, more: number): Times {
  if (more === 0) return times;
  const values = new Float64Array(times.values.length + 1).fill(Number.POSITIVE_INFINITY);
  const upTo = new Uint32Array(values.length).fill(countOf(times) + more);
  values.set(times.values);
  upTo.set(times.upTo);
  return { values, upTo };
}
