/**
 * The order of the strategies within a round: a Williams design (E. J. Williams, "Experimental designs balanced for
 * the estimation of residual effects of treatments", 1949). Over a full square every strategy comes once at every
 * position, and once directly after every other strategy, so neither place nor predecessor favors any of them.
 * With an odd number of strategies that takes two squares. The seed assigns strategies to labels and shuffles rows.
 */
import { prng, shuffled } from '../../base/prng.ts';

/** @param round From 1. A new square starts after every full one. */
export function trialOrder<Item>(
  items: readonly Item[],
  seed: number,
  scenarioId: string,
  round: number,
): Item[] {
  const pairs = williamsPairs(items.length);
  const roundsOfSquare = pairs.flat().length;
  const random = prng(seed, 'order', scenarioId, Math.floor((round - 1) / roundsOfSquare));
  const labels = shuffled(items, random);
  const rows = shuffled(pairs, random).flatMap((pair) => shuffled(pair, random));
  return rows[(round - 1) % roundsOfSquare].map((label) => labels[label]);
}

/** A row and its mirror image, which belong together: two rounds already cancel a steady drift. */
type Pair = readonly (readonly number[])[];

/** For an even size the pairs are the rows of one Latin square, for an odd size those of two. */
function williamsPairs(size: number): Pair[] {
  if (size === 1) return [[[0]]];
  // 0, 1, −1, 2, −2, …: the differences between neighbors are all different (modulo the size).
  const first = Array.from({ length: size }, (_, at) => (at % 2 === 1 ? (at + 1) / 2 : -at / 2));
  // With an even size, the mirror image of a row is the row that is shifted by half the size.
  const shifts = size % 2 === 0 ? size / 2 : size;
  return Array.from({ length: shifts }, (_, shift) => {
    const row = first.map((label) => (label + shift + size) % size);
    return [row, row.toReversed()];
  });
}
