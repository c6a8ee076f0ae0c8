/**
 * Newcombe's hybrid score interval (1998, method 10) for a difference of two shares: the bounds of
 * each share's own Wilson interval, squared and added. It holds where both shares are near zero,
 * and widens with clustering because the intervals that it is given already did. The two are taken
 * for independent; a paired comparison within rounds is `bootstrapInterval`'s.
 */
import type { Estimate } from '../../harness/contract/summary.ts';

/** a − b with its 95 % interval; bounds null where one of the four is, all null without an estimate. */
export function newcombeDifference(a: Estimate, b: Estimate): Estimate {
  if (a.estimate === null || b.estimate === null) return { estimate: null, low: null, high: null };
  const estimate = a.estimate - b.estimate;
  if (a.low === null || a.high === null || b.low === null || b.high === null) {
    return { estimate, low: null, high: null };
  }
  return {
    estimate,
    low: estimate - Math.hypot(a.estimate - a.low, b.high - b.estimate),
    high: estimate + Math.hypot(a.high - a.estimate, b.estimate - b.low),
  };
}
