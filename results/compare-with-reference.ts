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
import { pairedRateDifference } from './statistics/paired-rate-difference.ts';
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
  const percentile = (metric: 'responseTimeP50' | 'responseTimeP99', p: number) =>
    comparePercentile(
      pairs,
      p,
      ratio(metric, ({ digest: { responseMs } }) =>
        isEnough(responseMs, p) ? quantile(responseMs, p) : null,
      ),
    );
  return {
    errorRate: compareErrors(pairs, seed),
    responseTimeP50: percentile('responseTimeP50', 0.5),
    responseTimeP99: percentile('responseTimeP99', 0.99),
    cpuPer1000Requests: ratio('cpuPer1000Requests', (trial) => perRequest(cpuMsOf(trial), trial)),
    // Half a connection more on both sides: a count of zero is less than one, not nothing.
    connectionsOpened: ratio('connectionsOpened', (trial) =>
      perRequest(trial.digest.connectionsOpened + 0.5, trial),
    ),
  };
}

/** Ten values beyond it, as for the percentiles of the summary. */
function isEnough(sorted: Float64Array, p: number): boolean {
  return sorted.length * (1 - p) >= 1;
}

function perRequest(amount: number | null, { digest }: Healthy): number | null {
  return amount === null || digest.started === 0 ? null : amount / digest.started;
}

function compareErrors(pairs: readonly Pair[], seed: number): Verdict {
  const counts = ({ digest: { failed, started } }: Healthy) => ({ failed, started });
  return judge({
    effect: pairedRateDifference(
      pairs.map(({ own, reference }) => ({ own: counts(own), reference: counts(reference) })),
      seed,
    ),
    scale: 'difference',
    rounds: pairs.length,
    worthwhile: worthwhile.errorRate,
  });
}

/**
 * Response times are those of answered requests. Where one side answered a share of its requests that the other
 * lost, larger than the tail that a percentile cuts off, the two are percentiles of different requests: those that
 * died were the slow ones to come, and a strategy that rescues them would look slower for it.
 */
function comparePercentile(pairs: readonly Pair[], p: number, compared: Verdict): Verdict {
  const failedShare = (side: Side) =>
    pairs.reduce((sum, pair) => sum + pair[side].digest.failed, 0) /
    Math.max(
      1,
      pairs.reduce((sum, pair) => sum + pair[side].digest.started, 0),
    );
  if (Math.abs(failedShare('own') - failedShare('reference')) <= 1 - p) return compared;
  return {
    ...compared,
    word: 'no-verdict',
    moreRounds: null,
    reasons: [`one side lost more than the ${Math.round((1 - p) * 100)} % that it leaves out`],
  };
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
