/**
 * Quantile of several distributions taken together, each counted a whole number of times, without
 * merging them. The bootstrap asks for thousands of these with other weights on the same distributions.
 */
import { assert } from '../../harness/base/assert.ts';
import { nearestRank } from '../../harness/base/statistics/quantile.ts';
import {
  countOf,
  countUpTo,
  entriesBelow,
  firstOf,
  type Times,
} from '../../harness/base/statistics/times.ts';

/**
 * The quantile, by nearest rank as in `quantile()`, of the multiset that holds distribution i `weights[i]` times.
 *
 * @param weights Whole numbers from 0, one for each. @param p From 0 to 1. @returns null when nothing has any weight.
 */
export function pooledQuantile(all: readonly Times[], weights: ArrayLike<number>, p: number): number | null {
  assert(weights.length === all.length, 'pooledQuantile() takes one weight for each distribution');
  let count = 0;
  for (let index = 0; index < weights.length; index++) count += weights[index] * countOf(all[index]);
  if (count === 0) return null;
  return pooledValueAt(all, weights, nearestRank(p, count));
}

/** The value of a rank, from 1, of that multiset. */
export function pooledValueAt(all: readonly Times[], weights: ArrayLike<number>, rank: number): number {
  // The answer is the smallest value, of whatever distribution, with `rank` samples at or below it. Each
  // only has to be searched below the best that the ones before it offer.
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] === 0) continue;
    const { values } = all[index];
    const last = entriesBelow(all[index], best) - 1;
    if (last < 0 || countAtOrBelow(all, weights, values[last]) < rank) continue;
    best = values[firstOf(last, (entry) => countAtOrBelow(all, weights, values[entry]) >= rank)];
  }
  return best;
}

function countAtOrBelow(all: readonly Times[], weights: ArrayLike<number>, value: number): number {
  let count = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] > 0) count += weights[index] * countUpTo(all[index], value);
  }
  return count;
}
