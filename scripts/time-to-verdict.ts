/**
 * Prints how many rounds a verdict needs, on the samples of stored runs. It compares the half widths of the former
 * intervals (which took failures as independent, each strategy by itself) with the present ones, both at 95 % for each
 * interval. It prints how many rounds the present intervals need for the former width. "Together" are the wider intervals
 * of the report, which all hold at once.
 * Run it: `npm run time-to-verdict -- RUN… [--all] [--from ROUND]`, with folders of runs. `--all` also counts trials
 * that the health gate left out; both methods then use the same samples.
 */
import { quantile } from '../harness/base/statistics/quantile.ts';
import { planName } from '../harness/commands/prepare-run.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { ComparedMetric, Estimate } from '../harness/contract/summary.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { decodePlan } from '../harness/model/plan/plan-file.ts';
import { compareStrategies } from '../results/compare-strategies.ts';
import type { HealthyTrial } from '../results/counted-trial.ts';
import { countTrial, isHealthy } from '../results/counted-trial.ts';
import { familyError } from '../results/look-at.ts';
import { RunStore } from '../results/store.ts';
import { aligned, nameOf } from './coverage/print-world.ts';
import { readArguments, refuse, wholeNumber } from './shared/script.ts';
import { formerRateDifference, formerRatio, type RoundPair } from './time-to-verdict/former-intervals.ts';

const shown = ['errorRate', 'responseTimeP50', 'cpuPer1000Requests'] as const;

const { values, positionals: folders } = readArguments({
  all: { type: 'boolean', default: false },
  from: { type: 'string', default: '1' },
});
const firstRound = wholeNumber('--from', values.from, 1_000);
if (folders.length === 0) refuse('Expected at least one folder of a run, for example results/latest.');
const header = ['strategy', 'figure', 'former', 'now', 'rounds then', 'now', 'ratio', 'together', 'ratio'];
for (const folder of folders) {
  const store = RunStore.open(folder);
  for (const scenario of store.readRun().config.scenarios) {
    process.stdout.write(`${store.readRun().config.name}, ${scenario.id}\n`);
    process.stdout.write(`${aligned([header, ...rowsOf(store, scenario)]).join('\n')}\n\n`);
  }
}

function rowsOf(store: RunStore, scenario: ScenarioConfig): string[][] {
  const { config, strategies } = store.readRun();
  const { reference, worthwhile } = config;
  const trials = trialsOf(store, scenario);
  const of = (label: string) => trials.filter(({ trial }) => trial.identity.strategyLabel === label);
  const compare = (labels: readonly string[], level: number) =>
    compareStrategies({
      trials: new Map(labels.map((label) => [label, of(label)])),
      reference,
      loop: scenario.traffic.kind === 'closed' ? 'closed' : 'open',
      worthwhile,
      level,
    }).verdicts;
  const together = compare(
    strategies.map(({ label }) => label),
    familyError,
  );
  return [...together].flatMap(([label, verdicts]) => {
    const available = Object.values(verdicts).filter(({ word }) => word !== 'not-available').length;
    // One strategy, and a level that leaves 5 % for each of its figures.
    const alone = compare([reference, label], familyError * available).get(label);
    const pairs = of(label).flatMap((own) => {
      const { round } = own.trial.identity;
      const other = of(reference).find(({ trial }) => trial.identity.round === round);
      return other === undefined ? [] : [{ own, reference: other }];
    });
    return shown.map((metric) => {
      const [former, now, all] = [formerOf(metric, pairs), alone?.[metric].effect, verdicts[metric].effect];
      return [label, nameOf(metric), ...rowOf(metric, pairs.length, former, now ?? former, all)];
    });
  });
}

/** Widths go with 1/√rounds. */
function rowOf(
  metric: ComparedMetric,
  rounds: number,
  former: Estimate,
  now: Estimate,
  together: Estimate,
): string[] {
  const half = ({ low, high }: Estimate) => {
    if (low === null || high === null) return Number.NaN;
    return metric === 'errorRate' ? (high - low) / 2 : Math.log(high / low) / 2;
  };
  const width = (of: Estimate) => `±${(half(of) * 100).toFixed(2)} ${metric === 'errorRate' ? 'pt' : '%'}`;
  const ratio = (of: Estimate) => (half(former) / half(of)) ** 2;
  return [
    width(former),
    width(now),
    String(rounds),
    (rounds / ratio(now)).toFixed(1),
    ratio(now).toFixed(1),
    width(together),
    ratio(together).toFixed(1),
  ];
}

/** The first attempt at each trial, or with its repeats the healthy one. */
function trialsOf(store: RunStore, scenario: ScenarioConfig): HealthyTrial[] {
  return store
    .finishedTrials()
    .filter(({ round }) => round >= firstRound)
    .filter(({ scenarioId, attempt }) => scenarioId === scenario.id && (!values.all || attempt === 1))
    .map(({ id, round }) => {
      const name = planName(scenario.id, round);
      return countTrial(trialOf(store, id), decodePlan(store.readPlan(name), name), scenario);
    })
    .filter(isHealthy);
}

function trialOf(store: RunStore, id: string): TrialResult {
  const trial = store.readTrial(id);
  return values.all ? { ...trial, health: { ...trial.health, ok: true } } : trial;
}

function formerOf(metric: ComparedMetric, pairs: readonly RoundPair<HealthyTrial>[]): Estimate {
  const ratio = (of: (trial: HealthyTrial) => number) =>
    formerRatio(pairs.map(({ own, reference }) => ({ own: of(own), reference: of(reference) })));
  switch (metric) {
    case 'errorRate': {
      const counts = ({ digest: { failed, started } }: HealthyTrial) => ({ failed, started });
      return formerRateDifference(
        pairs.map(({ own, reference }) => ({ own: counts(own), reference: counts(reference) })),
      );
    }
    case 'responseTimeP50':
      return ratio(({ digest }) => quantile(digest.responseMs, 0.5) ?? Number.NaN);
    default:
      return ratio(({ cost, digest }) => (cost.cpuMs ?? Number.NaN) / digest.started);
  }
}
