/**
 * From a run's trials to its summary: the one document that every report reads.
 *
 * The same folder gives the same summary. Unhealthy trials are listed and left out of every
 * estimate; a strategy whose every trial is unhealthy gets no verdict, with the reasons.
 */
import type { RunConfig, ScenarioConfig } from '../harness/contract/run-config.ts';
import {
  type FloorReading,
  type ScenarioSummary,
  type StopReason,
  type StrategySummary,
  type Summary,
  summarySchemaVersion,
  type VerdictKey,
} from '../harness/contract/summary.ts';
import { compareStrategies } from './compare-strategies.ts';
import type { CountedTrial } from './counted-trial.ts';
import { evictionInDoubt, idleTimeoutSeen } from './idle-timeout-seen.ts';
import { familyError, lookAt } from './look-at.ts';
import { openVerdicts } from './open-verdicts.ts';
import type { ReplayedRows } from './predict-strategy.ts';
import type { RunRecord } from './store.ts';
import { summarizeStrategy } from './summarize-strategy.ts';
import { findWarnings } from './warnings.ts';

export interface SummarizeInput {
  readonly record: RunRecord;
  readonly finishedAt: string;
  readonly stopReason: StopReason;
  readonly floor: readonly FloorReading[];
  /** In the order in which they ran. */
  readonly trials: readonly CountedTrial[];
  readonly replayed: ReplayedRows;
}

export function summarize(input: SummarizeInput): Summary {
  const { record, finishedAt, stopReason, trials, replayed } = input;
  const interrupted = stopReason === 'interrupted';
  const { config } = record;
  const scenarios = config.scenarios
    .map((scenario) => summarizeScenario(scenario, record, trials, replayed))
    .filter(({ strategies }) => strategies.length > 0);
  return {
    schemaVersion: summarySchemaVersion,
    run: {
      id: record.id,
      name: config.name,
      seed: config.seed,
      startedAt: record.startedAt,
      finishedAt,
      interrupted,
      stopped: { reason: stopReason, open: stillOpen(scenarios, config) },
      config,
      environment: record.environment,
      floor: input.floor,
    },
    scenarios,
    warnings: findWarnings({ record, interrupted, counted: trials, scenarios }),
  };
}

function stillOpen(scenarios: readonly ScenarioSummary[], { until }: RunConfig): VerdictKey[] {
  if (until === null) return [];
  return openVerdicts({ scenarios }, until).map(({ scenario, strategy, metric }) => ({
    scenario,
    strategy,
    metric,
  }));
}

function summarizeScenario(
  scenario: ScenarioConfig,
  record: RunRecord,
  counted: readonly CountedTrial[],
  replayed: ReplayedRows,
): ScenarioSummary {
  const here = counted.filter(({ trial }) => trial.identity.scenarioId === scenario.id);
  const { config } = record;
  const ran = record.strategies.flatMap((strategy) => {
    const own = here.filter(({ trial }) => trial.identity.strategyId === strategy.id);
    return own.length === 0 ? [] : [{ strategy, own }];
  });
  const look = lookAt(config, Math.max(0, ...here.map(({ trial }) => trial.identity.round)));
  const idleTimeout = idleTimeoutSeen(scenario, here);
  const policies = new Map(ran.map(({ strategy, own }) => [strategy.label, own[0].trial.identity.policy]));
  const { verdicts, inference } = compareStrategies({
    trials: new Map(ran.map(({ strategy, own }) => [strategy.label, own])),
    reference: config.reference,
    loop: scenario.traffic.kind === 'closed' ? 'closed' : 'open',
    worthwhile: config.worthwhile,
    level: look.level,
    withheld: (label) => {
      const policy = policies.get(label);
      return policy === undefined ? null : evictionInDoubt(idleTimeout, policy);
    },
  });
  const strategies: StrategySummary[] = ran.map(({ strategy: { id, label, title }, own }) => ({
    ...summarizeStrategy({ id, label, title }, own, scenario, config.seed, replayed),
    versusReference: verdicts.get(label) ?? null,
  }));
  const fingerprints = Array.from(
    { length: config.rounds },
    (_, round) => record.planFingerprints[`${scenario.id}.r${round + 1}`],
  ).filter((fingerprint) => fingerprint !== undefined);
  const referenceSummary = strategies.find(({ label }) => label === config.reference) ?? strategies[0];
  return {
    id: scenario.id,
    axes: scenario.axes,
    config: scenario,
    planFingerprints: fingerprints,
    prediction: referenceSummary?.prediction ?? {
      raceProbability: null,
      by: null,
      requestsReplayed: 0,
      window: noWindow(scenario),
    },
    idleTimeout,
    inference:
      inference.comparisons === 0 ? null : { ...inference, familyErrorMax: familyError, look: look.look },
    strategies,
  };
}

function noWindow({ network: { rttMs } }: ScenarioConfig) {
  return { rttMs, serverLagMs: null, clientLagMs: null, timerLatenessMs: null, widthMs: null, lagSamples: 0 };
}
