/**
 * From an effect and its interval to the word that a report prints.
 *
 * Less is better for every metric judged here. *No difference* is only said when the whole
 * interval is smaller than a worthwhile one; otherwise the answer is how much longer to run.
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
  const [from, to] = onLog ? [Math.log(low), Math.log(high)] : [low - neutral, high - neutral];
  const target = onLog ? Math.log1p(worthwhile) : worthwhile;
  if (Math.max(Math.abs(from), Math.abs(to)) <= target) return verdict('no-difference');
  // What must be left of the half width for both ends to come within the target, if the middle stays.
  const wanted = target - Math.abs(from + to) / 2;
  if (wanted <= 0) return verdict('not-enough-data');
  const factor = (to - from) / 2 / wanted;
  return verdict(
    'not-enough-data',
    scale === 'ratio' ? moreRoundsFor(factor, rounds) : moreCountsFor(factor, rounds),
  );
}

/** The interval of counts knows no t: its half width goes with 1/√n. */
function moreCountsFor(factor: number, rounds: number): number | null {
  const inAll = Math.ceil(rounds * factor ** 2);
  return inAll > roundsMax ? null : Math.max(1, inAll - rounds);
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
  return Math.max(1, high - rounds);
}
