/**
 * Tests whether the position of a trial in its round, or the strategy that ran before it, matters. The mean of round and
 * strategy is subtracted from each trial, and the residuals are compared by position (first with last) and by predecessor.
 *
 * The test is the permutation test of a randomized block design (Fisher 1935, Pitman 1937): within a round the
 * order was drawn, so without an effect all orders of the residuals are equally likely.
 */
import { prng, shuffled } from '../harness/base/prng.ts';

/** One trial: the logarithm of a figure, and where it ran. */
export interface PlacedFigure {
  /** Repetition and round. */
  readonly block: string;
  readonly strategy: string;
  /** From 1. */
  readonly position: number;
  /** The strategy that ran right before; null: nothing did. */
  readonly predecessor: string | null;
  readonly log: number;
}

export interface OrderEffect {
  /** log(last / first), mean over the rounds; null without a round that has both. */
  readonly lastOverFirst: number | null;
  readonly positionP: number;
  readonly predecessorP: number;
}

const permutations = 2_000;

export function orderEffect(placed: readonly PlacedFigure[], seed: number): OrderEffect {
  const blocks = residualBlocks(placed);
  const random = prng(seed, 'order effect');
  const distance = (of: readonly (readonly number[])[]) => Math.abs(lastOverFirst(blocks, of) ?? 0);
  const spread = (of: readonly (readonly number[])[]) => spreadByPredecessor(blocks, of);
  const residuals = blocks.map(({ values }) => values);
  const observed = { distance: distance(residuals), spread: spread(residuals) };
  let [farther, wider] = [0, 0];
  for (let count = 0; count < permutations; count++) {
    const permuted = residuals.map((values) => shuffled(values, random));
    farther += Number(distance(permuted) >= observed.distance - 1e-12);
    wider += Number(spread(permuted) >= observed.spread - 1e-12);
  }
  const p = (count: number) => (count + 1) / (permutations + 1);
  return {
    lastOverFirst: lastOverFirst(blocks, residuals),
    positionP: p(farther),
    predecessorP: p(wider),
  };
}

/** The trials of a round, with what round and strategy leave unexplained. */
interface Block {
  readonly trials: readonly PlacedFigure[];
  readonly values: readonly number[];
  readonly positions: number;
}

function residualBlocks(placed: readonly PlacedFigure[]): Block[] {
  const blocks = [...Map.groupBy(placed, ({ block }) => block).values()];
  const positions = Math.max(0, ...placed.map(({ position }) => position));
  const centered = blocks.flatMap((trials) => {
    const mean = meanOf(trials.map(({ log }) => log));
    return trials.map((trial) => ({ trial, value: trial.log - mean }));
  });
  const ofStrategy = new Map(
    [...Map.groupBy(centered, ({ trial }) => trial.strategy)].map(([strategy, cells]) => [
      strategy,
      meanOf(cells.map(({ value }) => value)),
    ]),
  );
  return blocks.map((trials) => {
    const rest = trials.map(({ log, strategy }) => log - (ofStrategy.get(strategy) ?? 0));
    const mean = meanOf(rest);
    return { trials, values: rest.map((value) => value - mean), positions };
  });
}

function lastOverFirst(blocks: readonly Block[], values: readonly (readonly number[])[]): number | null {
  const differences = blocks.flatMap(({ trials, positions }, index) => {
    const at = (position: number) => values[index][trials.findIndex((trial) => trial.position === position)];
    const difference = at(positions) - at(1);
    return Number.isNaN(difference) ? [] : [difference];
  });
  return differences.length === 0 ? null : meanOf(differences);
}

/** Sum of squares between predecessors, as in a one-way analysis of variance. */
function spreadByPredecessor(blocks: readonly Block[], values: readonly (readonly number[])[]): number {
  const groups = new Map<string, number[]>();
  for (const [index, { trials }] of blocks.entries()) {
    for (const [cell, { predecessor }] of trials.entries()) {
      if (predecessor === null) continue;
      const group = groups.get(predecessor) ?? [];
      group.push(values[index][cell]);
      groups.set(predecessor, group);
    }
  }
  const grand = meanOf([...groups.values()].flat());
  return [...groups.values()].reduce((sum, group) => sum + group.length * (meanOf(group) - grand) ** 2, 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
