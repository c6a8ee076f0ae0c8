/**
 * A strategy against the reference, metric by metric, paired within rounds.
 *
 * Only rounds in which both trials are healthy count, on both sides. Each metric is "less is
 * better" and has a size below which a difference is not worth a decision; "no difference seen" is only
 * said of an interval whose half width is at most that size.
 */
import type { ComparedMetric, Verdict } from '../harness/contract/summary.ts';
import { type CountedTrial, isHealthy } from './counted-trial.ts';
import type { TrialDigest } from './digest-trial.ts';
import { clusteredRate } from './statistics/clustered-rate.ts';
import { newcombeDifference } from './statistics/newcombe-difference.ts';
import { pairedRatio } from './statistics/paired-ratio.ts';
import { quantile } from './statistics/quantile.ts';
import { judge } from './statistics/verdict.ts';
import { cpuMsOf } from './summarize-strategy.ts';

/** Differences smaller than these are not worth a decision. */
const worthwhile: Readonly<Record<ComparedMetric, number>> = {
  errorRate: 0.005, // half a point
  responseTimeP50: 0.1, // ± 10 %, as are the ratios below
  responseTimeP99: 0.1,
  cpuPer1000Requests: 0.1,
  connectionsOpened: 0.1,
};

type Healthy = CountedTrial & { digest: TrialDigest };

interface Pair {
  readonly own: Healthy;
  readonly reference: Healthy;
}

type Side = keyof Pair;

export function compareWithReference(
  own: readonly CountedTrial[],
  reference: readonly CountedTrial[],
  seed: number,
): Record<ComparedMetric, Verdict> {
  const pairs = pairRounds(own, reference);
  if (pairs.length === 0) return noVerdicts(own, reference);
  const ratio = (metric: ComparedMetric, figure: (trial: Healthy) => number | null): Verdict => {
    const figures = (side: Side) => pairs.map((pair) => figure(pair[side]));
    const effect = pairedRatio(figures('own'), figures('reference'), seed);
    return judge({ effect, scale: 'ratio', rounds: pairs.length, worthwhile: worthwhile[metric] });
  };
  return {
    errorRate: compareErrors(pairs),
    responseTimeP50: ratio('responseTimeP50', ({ digest }) => quantile(digest.responseMs, 0.5)),
    responseTimeP99: ratio('responseTimeP99', ({ digest }) => quantile(digest.responseMs, 0.99)),
    cpuPer1000Requests: ratio('cpuPer1000Requests', (trial) => perRequest(cpuMsOf(trial), trial)),
    connectionsOpened: ratio('connectionsOpened', (trial) =>
      perRequest(trial.digest.connectionsOpened, trial),
    ),
  };
}

function perRequest(amount: number | null, { digest }: Healthy): number | null {
  return amount === null || digest.started === 0 ? null : amount / digest.started;
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
