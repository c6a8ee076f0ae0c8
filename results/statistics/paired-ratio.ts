/**
 * How many times the reference's figure a strategy's is, compared within rounds.
 *
 * The geometric mean of each round's own ratio: whatever a round does to both strategies cancels
 * before it is averaged. The obvious alternative, a ratio of figures pooled over rounds, mixes
 * rounds of different speed; in simulation its intervals are up to a quarter wider and cover 99 %.
 */
import type { Estimate } from '../../harness/contract/summary.ts';
import { bootstrapInterval } from './bootstrap-rounds.ts';

/**
 * @param strategy One figure per round, null where that trial has none; such a round is left out.
 * @param reference The reference's figures of the same rounds.
 * @returns strategy / reference. Where a figure is zero, the ratio of the sums, on the plain scale; all null
 * when the reference's sum is zero or no round has both.
 */
export function pairedRatio(
  strategy: readonly (number | null)[],
  reference: readonly (number | null)[],
  seed: number,
): Estimate {
  const pairs: (readonly [number, number])[] = [];
  for (const [round, value] of strategy.entries()) {
    const other = reference[round] ?? null;
    if (value !== null && other !== null) pairs.push([value, other]);
  }
  const positive = pairs.every(([value, other]) => value > 0 && other > 0);
  const statistic = positive ? meanRatio(pairs) : ratioOfSums(pairs);
  return bootstrapInterval(statistic, pairs.length, { scale: positive ? 'log' : 'linear', seed });
}

function meanRatio(pairs: readonly (readonly [number, number])[]) {
  const logs = pairs.map(([value, other]) => Math.log(value / other));
  return (weights: Uint8Array) =>
    Math.exp(logs.reduce((sum, log, round) => sum + weights[round] * log, 0) / logs.length);
}

function ratioOfSums(pairs: readonly (readonly [number, number])[]) {
  return (weights: Uint8Array) => {
    let above = 0;
    let below = 0;
    for (const [round, [value, other]] of pairs.entries()) {
      above += weights[round] * value;
      below += weights[round] * other;
    }
    return above / below;
  };
}
