/** A verdict's 95 % interval at another level, for whoever asks many questions at once. */
import { normalQuantile } from '../../../results/statistics/normal-quantile.ts';
import { studentTQuantile } from '../../../results/statistics/student-t-quantile.ts';
import type { Verdict } from '../../contract/summary.ts';

export interface WidenedInterval {
  readonly low: number;
  readonly high: number;
  /** What "no difference" is: 1 for a ratio, 0 for a difference. */
  readonly neutral: number;
  /** Larger of the two distances from the 95 % bounds to the neutral value: "within ± this". */
  readonly halfWidth: number;
}

/** @param rounds Rounds that the interval was made from: it is widened to 99.9 %. null: left at 95 %. NaN where there is no interval. */
export function widened({ effect, scale }: Verdict, rounds: number | null): WidenedInterval {
  const neutral = scale === 'ratio' ? 1 : 0;
  const { estimate, low, high } = effect;
  if (estimate === null || low === null || high === null) {
    return { low: Number.NaN, high: Number.NaN, neutral, halfWidth: Number.NaN };
  }
  const halfWidth = Math.max(Math.abs(low - neutral), Math.abs(high - neutral));
  const factor = rounds === null ? 1 : wideningTo999(scale, rounds);
  const onLog = scale === 'ratio' && low > 0;
  const to = (bound: number) =>
    onLog ? estimate * (bound / estimate) ** factor : estimate + factor * (bound - estimate);
  return { low: to(low), high: to(high), neutral, halfWidth };
}

/** Ratios have Student's t of the rounds, differences of rates the normal distribution. */
function wideningTo999(scale: Verdict['scale'], rounds: number): number {
  return scale === 'ratio'
    ? studentTQuantile(0.9995, rounds - 1) / studentTQuantile(0.975, rounds - 1)
    : normalQuantile(0.9995) / normalQuantile(0.975);
}
