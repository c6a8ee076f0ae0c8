/**
 * From an effect and its interval to the word that a report prints.
 *
 * Less is better for every metric judged here. *No difference* is only said when the interval is
 * narrow enough to have shown a worthwhile one; otherwise the answer is how much longer to run.
 * `no-verdict` is not said here: it depends on the trials' health, which the caller knows.
 */
import type { Estimate, Verdict } from '../../harness/contract/summary.ts';
import { studentTQuantile } from './student-t-quantile.ts';

/** Beyond this many rounds in all, nobody runs them: no number is given. */
const roundsMax = 1000;

export interface Comparison {
  readonly effect: Estimate;
  readonly scale: Verdict['scale'];
  readonly rounds: number;
  /** Smallest effect that would matter: in the metric's unit, or as a share (0.1: a ratio of 1.1). */
  readonly worthwhile: number;
}

export function judge({ effect, scale, rounds, worthwhile }: Comparison): Verdict {
  const verdict = (word: Verdict['word'], moreRounds: number | null = null): Verdict => ({
    word,
    scale,
    effect,
    moreRounds,
    reasons: [],
  });
  const { estimate, low, high } = effect;
  // Two rounds give an interval, three a bearable one (t falls from 12.7 to 4.3).
  if (estimate === null) return verdict('not-enough-data');
  if (low === null || high === null) return verdict('not-enough-data', rounds < 3 ? 3 - rounds : null);
  const neutral = scale === 'ratio' ? 1 : 0;
  if (high < neutral) return verdict('better');
  if (low > neutral) return verdict('worse');
  // A ratio's interval is symmetric on ln, unless it reached zero and was made on the plain scale.
  const onLog = scale === 'ratio' && low > 0;
  const halfWidth = (onLog ? Math.log(high / low) : high - low) / 2;
  const target = onLog ? Math.log1p(worthwhile) : worthwhile;
  if (halfWidth <= target) return verdict('no-difference');
  return verdict('not-enough-data', moreRoundsFor(halfWidth / target, rounds));
}

/**
 * Rounds to add until the half width has shrunk by `factor`: it goes with t(0.975, n − 1)/√n, so with few
 * rounds the fall of t helps more than the root. null: more than anybody would run.
 */
function moreRoundsFor(factor: number, rounds: number): number | null {
  if (rounds < 2) return null;
  const width = (n: number) => studentTQuantile(0.975, n - 1) / Math.sqrt(n);
  const wanted = width(rounds) / factor;
  if (!(width(roundsMax) <= wanted)) return null;
  let low = rounds;
  let high = roundsMax;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (width(middle) <= wanted) high = middle;
    else low = middle;
  }
  return high - rounds;
}
