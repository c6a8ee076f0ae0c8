/** Shares of repetitions, in words, and whether false alarms are no more than chance allows at 5 %. */
import type { VerdictWord } from '../harness/contract/summary.ts';
import { binomialRange } from '../results/statistics/binomial-range.ts';
import { wilsonInterval } from '../results/statistics/wilson-interval.ts';

const nominal = 0.05;

/** Is it compatible with 5 %? With a true share of 5 %, more alarms than this come once in forty times (exact binomial). */
export function falseAlarmsHold(alarms: number, repetitions: number): boolean {
  return repetitions > 0 && alarms <= binomialRange(repetitions, nominal, nominal, 0.025).most;
}

/** A word of a difference, said of two copies of one strategy. */
export function isFalseAlarm(word: VerdictWord): boolean {
  return ['better', 'slightly-better', 'worse', 'slightly-worse'].includes(word);
}

/** For example `2 of 40: 5.0 % (1.4 % to 16.5 %)`. */
export function shareWords(count: number, repetitions: number): string {
  const { estimate, low, high } = wilsonInterval(count, repetitions);
  const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
  return `${count} of ${repetitions}: ${percent(estimate)} (${percent(low)} to ${percent(high)})`;
}
