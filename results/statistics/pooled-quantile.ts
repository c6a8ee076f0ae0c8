/**
 * Quantile of several sorted arrays taken together, each counted a whole number of times, without
 * merging them. The bootstrap asks for thousands of these with other weights on the same arrays.
 */
import { assert } from '../../harness/base/assert.ts';
import { nearestRank } from '../../harness/base/statistics/quantile.ts';

/**
 * The quantile, by nearest rank as in `quantile()`, of the multiset that holds array i `weights[i]` times.
 *
 * @param sortedArrays Each ascending. @param weights Whole numbers from 0, one for each array.
 * @param p From 0 to 1. @returns null when nothing has any weight.
 */
export function pooledQuantile(
  sortedArrays: readonly Float64Array[],
  weights: ArrayLike<number>,
  p: number,
): number | null {
  assert(weights.length === sortedArrays.length, 'pooledQuantile() takes one weight for each array');
  let count = 0;
  for (let index = 0; index < weights.length; index++) count += weights[index] * sortedArrays[index].length;
  if (count === 0) return null;
  const rank = nearestRank(p, count);
  // The answer is the smallest value, of whatever array, with `rank` values at or below it. Each
  // array only has to be searched below the best that the ones before it offer.
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] === 0) continue;
    const values = sortedArrays[index];
    let low = 0;
    let high = countBelow(values, best);
    if (high === 0 || countAtOrBelow(sortedArrays, weights, values[high - 1]) < rank) continue;
    high--;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (countAtOrBelow(sortedArrays, weights, values[middle]) >= rank) high = middle;
      else low = middle + 1;
    }
    best = values[high];
  }
  return best;
}

function countAtOrBelow(
  sortedArrays: readonly Float64Array[],
  weights: ArrayLike<number>,
  value: number,
): number {
  let count = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] === 0) continue;
    const values = sortedArrays[index];
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[middle] <= value) low = middle + 1;
      else high = middle;
    }
    count += weights[index] * low;
  }
  return count;
}

/** How many of the values are below the limit. */
function countBelow(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
