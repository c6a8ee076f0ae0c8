/**
 * The intervals that verdicts had before strategies were compared as one family. They are kept only to measure how
 * much less data a verdict needs now. Rates: the wider of Newcombe's hybrid score interval (1998, method 10), which
 * takes the two sides for independent, and Student's t of the rounds' own differences. Ratios: Student's t of the
 * rounds' log ratios. Each comparison at 95 % by itself.
 */
import { type Estimate, noEstimate } from '../../harness/contract/estimate.ts';
import { bootstrapInterval } from '../../results/statistics/bootstrap-rounds.ts';
import { clusteredRate, type TrialCount } from '../../results/statistics/clustered-rate.ts';

/** One round: the strategy's figure and the reference's. */
export interface RoundPair<Figure> {
  readonly own: Figure;
  readonly reference: Figure;
}

const seed = 1;

/** own − reference; all null below two rounds. */
export function formerRateDifference(pairs: readonly RoundPair<TrialCount>[]): Estimate {
  const counts = newcombe(
    clusteredRate(pairs.map(({ own }) => own)),
    clusteredRate(pairs.map(({ reference }) => reference)),
  );
  const scale = { scale: 'linear', seed } as const;
  const rounds = bootstrapInterval((weights) => pooledDifference(pairs, weights), pairs.length, scale);
  if (counts.low === null || counts.high === null || rounds.low === null || rounds.high === null) {
    return { estimate: counts.estimate, low: null, high: null };
  }
  return {
    estimate: counts.estimate,
    low: Math.min(counts.low, rounds.low),
    high: Math.max(counts.high, rounds.high),
  };
}

/** own / reference; figures are positive. */
export function formerRatio(pairs: readonly RoundPair<number>[]): Estimate {
  const logs = pairs.map(({ own, reference }) => Math.log(own / reference));
  const mean = (weights: Uint8Array) =>
    Math.exp(logs.reduce((sum, log, round) => sum + weights[round] * log, 0) / logs.length);
  return bootstrapInterval(mean, pairs.length, { scale: 'log', seed });
}

function newcombe(a: Estimate, b: Estimate): Estimate {
  if (a.estimate === null || a.low === null || a.high === null) return noEstimate;
  if (b.estimate === null || b.low === null || b.high === null) return noEstimate;
  const estimate = a.estimate - b.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(a.estimate - a.low, b.high - b.estimate),
    high: estimate + Math.hypot(a.high - a.estimate, b.estimate - b.low),
  };
}

function pooledDifference(pairs: readonly RoundPair<TrialCount>[], weights: Uint8Array): number {
  const rate = (side: keyof RoundPair<TrialCount>) => {
    const sum = (field: keyof TrialCount) =>
      pairs.reduce((all, pair, round) => all + weights[round] * pair[side][field], 0);
    return sum('failed') / sum('started');
  };
  return rate('own') - rate('reference');
}
