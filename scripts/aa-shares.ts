/** Shares of repetitions, in words, and whether false alarms are no more than chance allows at 5 %. */
import { binomialRange } from '../results/statistics/binomial-range.ts';
import { wilsonInterval } from '../results/statistics/wilson-interval.ts';

const nominal = 0.05;

/** No more than 5 % of the repetitions give, but for chance: at 5 % more would be seen once in forty times. */
export function falseAlarmsHold(alarms: number, repetitions: number): boolean {
  return repetitions > 0 && alarms <= binomialRange(repetitions, nominal, nominal, 0.025).most;
}

/** For example `2 of 40: 5.0 % (1.4 % to 16.5 %)`. */
export function shareWords(count: number, repetitions: number): string {
  const { estimate, low, high } = wilsonInterval(count, repetitions);
  const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
  return `${count} of ${repetitions}: ${percent(estimate)} (${percent(low)} to ${percent(high)})`;
}
