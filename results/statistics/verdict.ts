/**
 * From an effect and its simultaneous interval to the word that a report prints.
 *
 * Better or worse: the interval does not include "no effect"; slightly so, where all of it is within the
 * worthwhile difference. No difference: all of it is within ± worthwhile (two one-sided tests, Schuirmann 1987).
 * Otherwise undecided, with about how many more rounds would settle it if the estimate stays.
 * `no-verdict` and `not-available` are the caller's: they depend on health and on what can be measured.
 */
import type { Estimate, Verdict, VerdictWord } from '../../harness/contract/summary.ts';

/** Beyond this no number of rounds is given. */
const roundsMax = 1_000;

export interface Comparison {
  readonly effect: Estimate;
  readonly scale: Verdict['scale'];
  readonly moreIsBetter: boolean;
  readonly rounds: number;
  /** Smallest effect that would matter: in the metric's unit, or as a share (0.1: a ratio of 1.1). */
  readonly worthwhile: number;
  /** Half width of the interval after that many rounds, as a share of today's. */
  shrinkage(rounds: number): number;
}

export function judge(comparison: Comparison): Verdict {
  const { effect, scale, moreIsBetter, rounds, worthwhile } = comparison;
  const verdict = (word: VerdictWord, moreRounds: number | null = null): Verdict => ({
    word,
    scale,
    effect,
    worthwhile,
    moreRounds,
    reasons: [],
  });
  const { estimate, low, high } = effect;
  if (estimate === null || low === null || high === null) {
    // Two rounds give an interval, three a bearable one.
    return verdict('undecided', rounds < 3 ? 3 - rounds : null);
  }
  // On the scale on which the interval is about symmetric and 0 is no effect.
  const onScale = (value: number) => (scale === 'ratio' ? Math.log(value) : value);
  const [from, to] = [onScale(low), onScale(high)];
  const limit = scale === 'ratio' ? Math.log1p(worthwhile) : worthwhile;
  const isSmall = Math.max(Math.abs(from), Math.abs(to)) <= limit;
  if (from > 0 || to < 0) {
    const better = moreIsBetter === from > 0;
    if (isSmall) return verdict(better ? 'slightly-better' : 'slightly-worse');
    return verdict(better ? 'better' : 'worse');
  }
  if (isSmall) return verdict('no-difference');
  return verdict('undecided', moreRounds(comparison, from, to, limit));
}

/** The first number of rounds at which the interval would exclude no effect, or fit within ± limit. */
function moreRounds(
  { rounds, shrinkage, effect, scale }: Comparison,
  from: number,
  to: number,
  limit: number,
): number | null {
  if (rounds < 2) return null;
  const middle = scale === 'ratio' ? Math.log(effect.estimate ?? 1) : (effect.estimate ?? 0);
  const isSettled = (count: number) => {
    const by = shrinkage(count);
    const [low, high] = [middle - (middle - from) * by, middle + (to - middle) * by];
    return low > 0 || high < 0 || Math.max(Math.abs(low), Math.abs(high)) <= limit;
  };
  if (!isSettled(roundsMax)) return null;
  let unsettled = rounds;
  let settled = roundsMax;
  while (unsettled + 1 < settled) {
    const count = (unsettled + settled) >>> 1;
    if (isSettled(count)) settled = count;
    else unsettled = count;
  }
  return settled - rounds;
}
