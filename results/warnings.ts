/** Facts of a run that a reader must know before believing a number; found, not worded, here. */
import { type HealthMetric, healthLimits, healthScale, isPast } from '../harness/contract/health.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { ScenarioSummary, StrategySummary, Warning } from '../harness/contract/summary.ts';
import type { TrialIdentity, TrialResult } from '../harness/contract/trial.ts';
import { healthWarningCodes } from '../harness/contract/warning.ts';
import type { CountedTrial } from './counted-trial.ts';
import type { RunRecord } from './store.ts';

const warningLimits = {
  /** Below this many rounds intervals are wide or missing. */
  rounds: 3,
} as const;

export function findWarnings(input: {
  readonly record: RunRecord;
  readonly interrupted: boolean;
  readonly trials: readonly TrialResult[];
  readonly counted: readonly CountedTrial[];
  readonly scenarios: readonly ScenarioSummary[];
}): Warning[] {
  const { record, interrupted, trials, counted, scenarios } = input;
  const roundsDone = Math.max(0, ...trials.map(({ identity }) => identity.round));
  const warnings: Warning[] = [];
  if (interrupted) {
    const data = { trialsDone: trials.length, trialsPlanned: record.trials.length };
    warnings.push({ code: 'interrupted', data });
  }
  if (roundsDone < warningLimits.rounds) {
    warnings.push({ code: 'few-rounds', data: { rounds: roundsDone } });
  }
  if (!record.environment.os.includes('Linux') && !record.environment.kernel.startsWith('Linux')) {
    warnings.push({ code: 'one-loopback-address', data: {} });
  }
  const { generators } = record.config;
  const cpus = record.environment.pinning?.generator.split(',').length ?? generators;
  if (cpus < generators) warnings.push({ code: 'generators-share-cpu', data: { generators, cpus } });
  for (const one of counted) warnings.push(...trialWarnings(one, record));
  for (const scenario of scenarios) {
    for (const strategy of scenario.strategies) {
      // A closed loop leaves no idle gaps: nobody expects the race there.
      const mayRace = strategy.label === record.config.reference && scenario.config.traffic.kind !== 'closed';
      warnings.push(...strategyWarnings(scenario.id, strategy, mayRace));
    }
  }
  return warnings;
}

function trialWarnings({ trial }: CountedTrial, record: RunRecord): Warning[] {
  const { identity, health, generator } = trial;
  const warnings: Warning[] = [];
  if (generator === null) {
    return [{ code: 'target-lost', data: { trial: identity.id, reason: health.reasons.join('; ') } }];
  }
  for (const { law, left, right } of health.laws) {
    if (left !== right) warnings.push({ code: 'law-broken', data: { trial: identity.id, law, left, right } });
  }
  if (!health.ok) {
    const again = wasRepeated(identity, record) ? ['it was run again'] : [];
    warnings.push({
      code: 'trial-unhealthy',
      data: { trial: identity.id, reasons: [...health.reasons, ...again] },
    });
  }
  const reason = trial.capture?.incompleteBecause ?? null;
  if (reason !== null) warnings.push({ code: 'capture-incomplete', data: { trial: identity.id, reason } });
  const scenario = record.config.scenarios.find(({ id }) => id === identity.scenarioId);
  if (scenario !== undefined) warnings.push(...healthWarnings(trial, scenario));
  const { started } = generator.counters;
  if (scenario?.traffic.kind === 'closed' && started >= scenario.traffic.requestsMax) {
    const { requestsMax } = scenario.traffic;
    warnings.push({ code: 'closed-plan-exhausted', data: { trial: identity.id, requestsMax } });
  }
  return warnings;
}

function healthWarnings(
  { identity, health }: TrialResult,
  { network, via, client }: ScenarioConfig,
): Warning[] {
  const limits = healthLimits(healthScale(network, via !== null, client.requestTimeoutMs));
  return (Object.keys(limits) as HealthMetric[]).flatMap((metric) => {
    const value = health.readings[metric];
    const { warn, max } = limits[metric];
    // Past the last limit it is among the reasons for which the trial is left out.
    if (value === null || !isPast(value, warn) || isPast(value, max)) return [];
    return [{ code: healthWarningCodes[metric], data: { trial: identity.id, value, limit: warn } }];
  });
}

function wasRepeated(
  { scenarioId, strategyId, round, attempt }: TrialIdentity,
  { trials }: RunRecord,
): boolean {
  return trials.some(
    (other) =>
      other.scenarioId === scenarioId &&
      other.strategyId === strategyId &&
      other.round === round &&
      other.attempt > attempt,
  );
}

function strategyWarnings(scenario: string, summary: StrategySummary, mayRace: boolean): Warning[] {
  const { label: strategy, policy, connections, ledger, raceRate, prediction, hop } = summary;
  const warnings: Warning[] = [];
  if (policy.connection.reuse && connections.freshShare === 1) {
    warnings.push({ code: 'never-reused', data: { scenario, strategy } });
  }
  if (ledger !== null && ledger.executedTwice > 0) {
    warnings.push({ code: 'executed-twice', data: { scenario, strategy, requests: ledger.executedTwice } });
  }
  if (mayRace && raceRate.estimate === 0 && (hop === null || hop.upstreamDeaths === 0)) {
    warnings.push({ code: 'no-race-seen', data: { scenario, strategy } });
  }
  const predicted = prediction.raceProbability;
  const { low, high } = raceRate;
  if (predicted !== null && low !== null && high !== null && (predicted < low || predicted > high)) {
    warnings.push({ code: 'prediction-missed', data: { scenario, strategy, predicted, low, high } });
  }
  return warnings;
}
