/**
 * Compares every strategy of a scenario with the reference, figure by figure, as one family.
 *
 * All strategies of a round ran the same requests, so quantiles and failures are compared request by request:
 * quantiles over the requests that both answered, failure rates over the requests that only one of them failed.
 * Figures of a whole trial (CPU, connections, throughput) enter the block model directly. Intervals are
 * simultaneous: Dunnett over the strategies of a figure, Bonferroni over the figures, a spending function over the
 * looks of a run that ends when its verdicts are decided.
 *
 * Effects of a strategy on itself count against it. A trial that the machine disturbed is unhealthy and is left out.
 */
import { noEstimate } from '../harness/contract/estimate.ts';
import type { Worthwhile } from '../harness/contract/run-config.ts';
import {
  type ComparedMetric,
  comparedMetrics,
  type Inference,
  type Verdict,
} from '../harness/contract/summary.ts';
import { comparedFigures, type Figures } from './compared-figures.ts';
import { type CountedTrial, type HealthyTrial, isHealthy } from './counted-trial.ts';
import { groupReasons } from './group-reasons.ts';
import { blockEffects } from './statistics/block-model.ts';
import { discordantRates } from './statistics/discordant-rates.ts';
import type { SimultaneousWidth } from './statistics/simultaneous-width.ts';
import { judge } from './statistics/verdict.ts';

export type Verdicts = Readonly<Record<ComparedMetric, Verdict>>;

export interface ComparisonSetup {
  /** Label → its trials, the reference included; in the order of the matrix. */
  readonly trials: ReadonlyMap<string, readonly CountedTrial[]>;
  readonly reference: string;
  readonly loop: 'open' | 'closed';
  readonly worthwhile: Worthwhile;
  /** Level of this look, for all intervals together; 0.05 where there is one look. */
  readonly level: number;
  /** Why nothing may be concluded about this strategy, whatever its trials say; null: nothing speaks against it. */
  readonly withheld?: (label: string) => string | null;
}

export interface ScenarioComparison {
  /** By label; the reference has none. */
  readonly verdicts: ReadonlyMap<string, Verdicts>;
  readonly inference: Pick<Inference, 'comparisons' | 'levelAtThisLook' | 'rounds'>;
}

export function compareStrategies(setup: ComparisonSetup): ScenarioComparison {
  const { trials, reference, level } = setup;
  const others = [...trials.keys()].filter((label) => label !== reference);
  const healthy = (label: string) => (trials.get(label) ?? []).filter(isHealthy);
  const referenceTrials = healthy(reference);
  const rounds = [...new Set([...trials.keys()].flatMap((label) => healthy(label).map(roundOf)))].sort(
    (a, b) => a - b,
  );
  const figures = comparedFigures({
    reference: byRound(referenceTrials, rounds),
    others: others.map((label) => byRound(healthy(label), rounds)),
    loop: setup.loop,
  });
  const available = comparedMetrics.filter((metric) => figures[metric].missing === null);
  const levelOfMetric = level / Math.max(1, available.length);
  const judged = new Map(
    comparedMetrics.map((metric) => [
      metric,
      judgeFigures(metric, figures[metric], setup, levelOfMetric, rounds.length),
    ]),
  );
  const verdicts = new Map(
    others.map((label, index) => {
      const withheld = setup.withheld?.(label) ?? null;
      const reasons =
        withheld === null ? healthReasons(trials.get(label) ?? [], trials.get(reference) ?? []) : [withheld];
      const ofMetric = (metric: ComparedMetric): Verdict =>
        reasons === null
          ? (judged.get(metric)?.[index] ?? notAvailable(metric, 'it was not measured'))
          : noVerdict(metric, reasons);
      return [
        label,
        Object.fromEntries(comparedMetrics.map((metric) => [metric, ofMetric(metric)])) as Record<
          ComparedMetric,
          Verdict
        >,
      ];
    }),
  );
  const comparisons = [...verdicts.values()]
    .flatMap((of) => Object.values(of))
    .filter(({ effect }) => effect.low !== null).length;
  return { verdicts, inference: { comparisons, levelAtThisLook: level, rounds: referenceTrials.length } };
}

/** One verdict for each strategy. */
function judgeFigures(
  metric: ComparedMetric,
  { missing, cells, referenceRate }: Figures,
  { worthwhile }: ComparisonSetup,
  level: number,
  rounds: number,
): Verdict[] {
  const strategies = cells.kind === 'rates' ? cells.pairs.length : (cells.figures[0]?.length ?? 1) - 1;
  if (missing !== null) return Array.from({ length: strategies }, () => notAvailable(metric, missing));
  const limit = worthwhileOf(metric, worthwhile, referenceRate);
  const shrinkage = (width: SimultaneousWidth | null, now: number) => (count: number) =>
    width?.shrinkage(count, now) ?? 1;
  if (cells.kind === 'rates') {
    return discordantRates(cells.pairs, level).map(({ effect, width }, index) =>
      effect.estimate === null
        ? notAvailable(metric, 'no round has finished trials of both strategies')
        : judge({
            effect,
            scale: 'difference',
            moreIsBetter: false,
            rounds: cells.pairs[index].length,
            worthwhile: limit,
            shrinkage: shrinkage(width, cells.pairs[index].length),
          }),
    );
  }
  return blockEffects({ figures: cells.figures, steps: cells.steps, level }).map((effect, index) => {
    if (effect === null)
      return notAvailable(metric, cells.withheld[index] ?? 'this strategy has no such figure');
    const { estimate, width } = effect;
    const bound = (sign: number) => (width === null ? null : Math.exp(estimate + sign * width.halfWidth));
    return judge({
      effect: { estimate: Math.exp(estimate), low: bound(-1), high: bound(1) },
      scale: 'ratio',
      moreIsBetter: metric === 'throughput',
      rounds,
      worthwhile: limit,
      shrinkage: shrinkage(width, rounds),
    });
  });
}

function worthwhileOf(metric: ComparedMetric, worthwhile: Worthwhile, referenceRate: number): number {
  switch (metric) {
    case 'errorRate': {
      const { errorRate } = worthwhile;
      return typeof errorRate === 'number'
        ? errorRate
        : Math.max(errorRate.min, errorRate.ofReference * referenceRate);
    }
    case 'responseTimeP50':
      return worthwhile.p50;
    case 'responseTimeP99':
      return worthwhile.p99;
    case 'cpuPer1000Requests':
      return worthwhile.cpu;
    case 'connectionsOpened':
      return worthwhile.connections;
    case 'throughput':
      return worthwhile.throughput;
  }
}

/** Why the two cannot be compared at all; null: they can. */
function healthReasons(own: readonly CountedTrial[], reference: readonly CountedTrial[]): string[] | null {
  const rounds = new Set(reference.filter(isHealthy).map(roundOf));
  if (own.filter(isHealthy).some((trial) => rounds.has(roundOf(trial)))) return null;
  const reasons = groupReasons([...own, ...reference].flatMap(({ trial }) => trial.health.reasons));
  return reasons.length === 0 ? ['no round has finished trials of both strategies'] : reasons;
}

function noVerdict(metric: ComparedMetric, reasons: readonly string[]): Verdict {
  return { ...notAvailable(metric, ''), word: 'no-verdict', reasons };
}

function notAvailable(metric: ComparedMetric, reason: string): Verdict {
  return {
    word: 'not-available',
    scale: metric === 'errorRate' ? 'difference' : 'ratio',
    effect: noEstimate,
    worthwhile: 0,
    moreRounds: null,
    reasons: [reason],
  };
}

function byRound(trials: readonly HealthyTrial[], rounds: readonly number[]): (HealthyTrial | null)[] {
  return rounds.map((round) => trials.find((trial) => roundOf(trial) === round) ?? null);
}

function roundOf({ trial }: CountedTrial): number {
  return trial.identity.round;
}
