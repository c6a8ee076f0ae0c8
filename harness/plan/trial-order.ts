/** The order of the strategies within a round: drawn from the seed, so that no strategy always comes first. */
import { prng, shuffled } from '../base/prng.ts';

export function trialOrder<Item>(
  items: readonly Item[],
  seed: number,
  scenarioId: string,
  round: number,
): Item[] {
  return shuffled(items, prng(seed, 'order', scenarioId, round));
}
