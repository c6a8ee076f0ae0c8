/**
 * How many of `trials` may succeed by chance: the counts that a binomial distribution leaves when a
 * tail is cut off at either end. Exact, by summing its probabilities, because near 0 and near 1, where
 * it matters most, no normal approximation holds.
 *
 * Where each trial has a probability of its own, the binomial of their mean scatters more than the
 * true sum (Hoeffding 1956), so its range is rather too wide than too narrow. No package: jstat has no
 * binomial quantile.
 */
import { assert } from '../../harness/base/assert.ts';

export interface CountRange {
  readonly least: number;
  readonly most: number;
}

/**
 * @param low Low end of the success probability, which may be known only to lie between two values.
 * @param high Its high end.
 * @param tail Largest probability that may be cut off at each end.
 */
export function binomialRange(trials: number, low: number, high: number, tail: number): CountRange {
  assert(low >= 0 && low <= high && high <= 1, `0 ≤ low ≤ high ≤ 1 is wanted: they are ${low} and ${high}`);
  return { least: leastOf(trials, low, tail), most: trials - leastOf(trials, 1 - high, tail) };
}

/** The smallest count that is not in the lower tail. */
function leastOf(trials: number, p: number, tail: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return trials;
  let logDensity = trials * Math.log1p(-p);
  let below = 0;
  for (let count = 0; count < trials; count++) {
    below += Math.exp(logDensity);
    if (below > tail) return count;
    logDensity += Math.log((trials - count) / (count + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return trials;
}
