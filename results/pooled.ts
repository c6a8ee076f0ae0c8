/** Statistics of several rounds together, as functions of how often each round counts. */
import { countOf, type Times } from '../harness/base/statistics/times.ts';
import { pooledQuantile } from './statistics/pooled-quantile.ts';

/** Σ amounts / Σ per × 1,000; null when nothing is counted. */
export function perThousand(
  amounts: readonly number[],
  per: readonly number[],
  weights: Uint8Array,
): number | null {
  let amount = 0;
  let count = 0;
  for (let round = 0; round < weights.length; round++) {
    amount += weights[round] * amounts[round];
    count += weights[round] * per[round];
  }
  return count === 0 ? null : (amount / count) * 1_000;
}

/** Values that must lie beyond a percentile: with fewer, it says which few requests were slowest, not how slow such are. */
const beyondMin = 10;

/** Percentile of the rounds' samples together; null with fewer than ten values beyond it. */
export function pooledPercentile(rounds: readonly Times[], weights: Uint8Array, p: number): number | null {
  let count = 0;
  for (let round = 0; round < weights.length; round++) count += weights[round] * countOf(rounds[round]);
  return count * (1 - p) < beyondMin ? null : pooledQuantile(rounds, weights, p);
}

/** Largest of those that are known; null when none is. */
export function largest(values: readonly (number | null | undefined)[]): number | null {
  let max: number | null = null;
  for (const value of values) {
    if (value !== null && value !== undefined && (max === null || value > max)) max = value;
  }
  return max;
}

/** Sum; null as soon as one is not known. */
export function total(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum;
}
