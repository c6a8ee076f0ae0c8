/**
 * Quantile by nearest rank: the smallest value with at least a share p of the samples at or below
 * it. HdrHistogram's definition, so that summary.json and the .hlog files agree; always a value that
 * was measured, never one interpolated between two.
 */
import { assert } from '../assert.ts';

/** @param sorted Ascending. @param p From 0 (the smallest) to 1 (the largest). @returns null when empty. */
export function quantile(sorted: Float64Array, p: number): number | null {
  return sorted.length === 0 ? null : sorted[nearestRank(p, sorted.length) - 1];
}

/** The same for values in any order. */
export function quantileOfUnsorted(values: Iterable<number>, p: number): number | null {
  return quantile(Float64Array.from(values).sort(), p);
}

/** NaN if there are no values. */
export function median(values: Iterable<number>): number {
  return quantileOfUnsorted(values, 0.5) ?? Number.NaN;
}

/** Rank, from 1 to `count`, of the quantile p of `count` values. */
export function nearestRank(p: number, count: number): number {
  assert(p >= 0 && p <= 1, `A quantile's p lies between 0 and 1: current value is ${p}`);
  // 0.07 · 100 is 7.000000000000001 in doubles; without the allowance its rank would be 8.
  const rank = Math.ceil(p * count * (1 - 2 * Number.EPSILON));
  return Math.min(count, Math.max(1, rank));
}
