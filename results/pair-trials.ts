/**
 * A strategy's trial beside the reference's trial of the same round, request by request: both ran the same plan. Only
 * counts and quantiles are kept, so what became of each request is needed no longer than a round.
 */
import { countOf, quantileOf, resolutionOf, timesOf, withEndless } from '../harness/base/statistics/times.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { Fates } from './digest-trial.ts';

/** What one side of a pair did with the requests that both were asked to send; in a closed loop, nothing is matched. */
interface Side {
  /** Failed here and answered on the other side. */
  readonly failedAlone: number;
  /**
   * Requests that the quantiles are of: those that both answered or gave up on (closed loop: that this side answered). One
   * that was given up on is slower than any answer, whatever the limit was.
   */
  readonly compared: number;
  /** ms; Infinity: given up on. NaN: nothing to compare. */
  readonly p50: number;
  readonly p99: number;
  /** Of both, as a share of them. */
  readonly resolution: number;
}

export interface Pair {
  readonly own: Side;
  readonly reference: Side;
}

export function pairOf(own: Fates, reference: Fates, loop: LoadPlan['loop']): Pair {
  return { own: sideOf(own, reference, loop), reference: sideOf(reference, own, loop) };
}

function sideOf({ successMs, gaveUp }: Fates, other: Fates, loop: LoadPlan['loop']): Side {
  const isMatched = loop === 'open';
  const kept = new Float64Array(successMs.length);
  let answered = 0;
  let failedAlone = 0;
  let beyond = 0;
  for (let row = 0; row < successMs.length; row++) {
    const fails = successMs[row] === Number.POSITIVE_INFINITY;
    const otherFails = isMatched && other.successMs[row] === Number.POSITIVE_INFINITY;
    const isKnown = !otherFails || other.gaveUp[row] === 1;
    if (!fails && isKnown) kept[answered++] = successMs[row];
    else if (fails && isMatched) {
      failedAlone += Number(!otherFails);
      beyond += Number(isKnown && gaveUp[row] === 1);
    }
  }
  const times = withEndless(timesOf(kept.subarray(0, answered)), beyond);
  const at = (p: number) => quantileOf(times, p) ?? Number.NaN;
  const resolution = resolutionOf(times);
  return { failedAlone, compared: countOf(times), p50: at(0.5), p99: at(0.99), resolution };
}
