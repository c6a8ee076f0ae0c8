/** Statistics of several rounds together, as functions of how often each round counts. */
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
export function pooledPercentile(
  rounds: readonly Float64Array[],
  weights: Uint8Array,
  p: number,
): number | null {
  let count = 0;
  for (let round = 0; round < weights.length; round++) count += weights[round] * rounds[round].length;
  return count * (1 - p) < beyondMin ? null : pooledQuantile(rounds, weights, p);
}
