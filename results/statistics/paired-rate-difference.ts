/**
 * The difference of two failure rates, compared within rounds, with an interval that holds both for rare failures
 * and for failures that come in clusters.
 *
 * Newcombe's interval knows how much chance there is in counts, also in a count of zero, but takes a side without
 * failures for unclustered: one bad round in three would be "significant". Student's t of the rounds' own
 * differences knows the clusters and not the counts: where no round has a failure it has no width. The
 * answer is the wider at either end.
 */
import type { Estimate } from '../../harness/contract/summary.ts';
import { bootstrapInterval } from './bootstrap-rounds.ts';
import { clusteredRate, type TrialCount } from './clustered-rate.ts';
import { newcombeDifference } from './newcombe-difference.ts';

/** One round: the strategy's trial and the reference's. */
export interface RatePair {
  readonly own: TrialCount;
  readonly reference: TrialCount;
}

/** own − reference, pooled over the rounds; no bounds below two rounds, all null when a side started nothing. */
export function pairedRateDifference(pairs: readonly RatePair[], seed: number): Estimate {
  const counts = newcombeDifference(
    clusteredRate(pairs.map(({ own }) => own)),
    clusteredRate(pairs.map(({ reference }) => reference)),
  );
  const { estimate } = counts;
  const rounds = bootstrapInterval((weights) => pooledDifference(pairs, weights), pairs.length, {
    scale: 'linear',
    seed,
  });
  if (counts.low === null || counts.high === null || rounds.low === null || rounds.high === null) {
    return { estimate, low: null, high: null };
  }
  return { estimate, low: Math.min(counts.low, rounds.low), high: Math.max(counts.high, rounds.high) };
}

function pooledDifference(pairs: readonly RatePair[], weights: Uint8Array): number | null {
  const rate = (side: keyof RatePair) => {
    let failed = 0;
    let started = 0;
    for (const [round, pair] of pairs.entries()) {
      failed += weights[round] * pair[side].failed;
      started += weights[round] * pair[side].started;
    }
    return failed / started;
  };
  return rate('own') - rate('reference');
}
