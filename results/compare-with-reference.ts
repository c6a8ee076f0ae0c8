/**
 * A strategy against the reference, metric by metric, paired within rounds.
 *
 * Only rounds in which both trials are healthy count, on both sides. Each metric is "less is
 * better" and has a size below which a difference is not worth a decision; a verdict "no difference"
 * needs an interval that excludes differences of that size.
 */
import type { ComparedMetric, Verdict } from '../harness/contract/summary.ts';
import { type CountedTrial, isHealthy } from './counted-trial.ts';
import type { TrialDigest } from './digest-trial.ts';
import { perThousand, pooledPercentile, ratioOf } from './pooled.ts';
import { bootstrapInterval } from './statistics/bootstrap-rounds.ts';
import { clusteredRate } from './statistics/clustered-rate.ts';
import { newcombeDifference } from './statistics/newcombe-difference.ts';
import { judge } from './statistics/verdict.ts';
import { cpuMsOf } from './summarize-strategy.ts';

/** Differences smaller than these are not worth a decision. */
export const worthwhile: Readonly<Record<ComparedMetric, number>> = {
  errorRate: 0.005, // half a point
  responseTimeP50: 0.1, // ± 10 %, as are the ratios below
  responseTimeP99: 0.1,
  cpuPer1000Requests: 0.1,
  connectionsOpened: 0.1,
};

interface Pair {
  readonly own: CountedTrial & { digest: TrialDigest };
  readonly reference: CountedTrial & { digest: TrialDigest };
}

type Side = keyof Pair;

export function compareWithReference(
  own: readonly CountedTrial[],
  reference: readonly CountedTrial[],
  seed: number,
): Record<ComparedMetric, Verdict> {
  const pairs = pairRounds(own, reference);
  if (pairs.length === 0) return noVerdicts(own, reference);
  const started = (side: Side) => pairs.map((pair) => pair[side].digest.started);
  const responses = (side: Side) => pairs.map((pair) => pair[side].digest.responseMs);
  const cpuMs = (side: Side) => pairs.map((pair) => cpuMsOf(pair[side]) ?? Number.NaN);
  const opened = (side: Side) => pairs.map((pair) => pair[side].digest.connectionsOpened);
  const ratio = (metric: ComparedMetric, of: (side: Side, weights: Uint8Array) => number | null): Verdict => {
    const effect = bootstrapInterval(
      (weights) => ratioOf(of('own', weights), of('reference', weights)),
      pairs.length,
      { scale: 'log', seed },
    );
    return judge({
      effect,
      scale: 'ratio',
      rounds: pairs.length,
      worthwhile: worthwhile[metric],
    });
  };
  const percentile = (p: number) => (side: Side, weights: Uint8Array) =>
    pooledPercentile(responses(side), weights, p);
  const per1000 = (amounts: (side: Side) => number[]) => (side: Side, weights: Uint8Array) =>
    perThousand(amounts(side), started(side), weights);
  return {
    errorRate: compareErrors(pairs),
    responseTimeP50: ratio('responseTimeP50', percentile(0.5)),
    responseTimeP99: ratio('responseTimeP99', percentile(0.99)),
    cpuPer1000Requests: ratio('cpuPer1000Requests', per1000(cpuMs)),
    connectionsOpened: ratio('connectionsOpened', per1000(opened)),
  };
}

function compareErrors(pairs: readonly Pair[]): Verdict {
  const rate = (side: Side) =>
    clusteredRate(
      pairs.map((pair) => ({ failed: pair[side].digest.failed, started: pair[side].digest.started })),
    );
  return judge({
    effect: newcombeDifference(rate('own'), rate('reference')),
    scale: 'difference',
    rounds: pairs.length,
    worthwhile: worthwhile.errorRate,
  });
}

function pairRounds(own: readonly CountedTrial[], reference: readonly CountedTrial[]): Pair[] {
  return own.filter(isHealthy).flatMap((trial) => {
    const other = reference
      .filter(isHealthy)
      .find((one) => one.trial.identity.round === trial.trial.identity.round);
    return other === undefined ? [] : [{ own: trial, reference: other }];
  });
}

function noVerdicts(
  own: readonly CountedTrial[],
  reference: readonly CountedTrial[],
): Record<ComparedMetric, Verdict> {
  const reasons = [...own, ...reference].flatMap(({ trial }) => trial.health.reasons);
  const verdict: Verdict = {
    word: 'no-verdict',
    scale: 'ratio',
    effect: { estimate: null, low: null, high: null },
    moreRounds: null,
    reasons: reasons.length === 0 ? ['no round in which both strategies finished'] : [...new Set(reasons)],
  };
  return {
    errorRate: { ...verdict, scale: 'difference' },
    responseTimeP50: verdict,
    responseTimeP99: verdict,
    cpuPer1000Requests: verdict,
    connectionsOpened: verdict,
  };
}
