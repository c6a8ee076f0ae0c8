/** Facts of a run that a reader must know before believing a number; found, not worded, here. */
import { type HealthMetric, healthLimits, healthScale, isPast } from '../harness/contract/health.ts';
import type { Outcome } from '../harness/contract/outcome.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { ScenarioSummary, StrategySummary, Warning } from '../harness/contract/summary.ts';
import type { TrialIdentity, TrialResult } from '../harness/contract/trial.ts';
import { healthWarningCodes } from '../harness/contract/warning.ts';
import type { CountedTrial } from './counted-trial.ts';
import { keepsMoments, lagSamplesMin } from './lags.ts';
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
  // It starts with Node's `os.type()`; only Linux has all of 127.0.0.0/8 without configuration.
  if (!record.environment.kernel.startsWith('Linux ')) {
    warnings.push({ code: 'one-loopback-address', data: {} });
  }
  const { generators } = record.config;
  const cpus = record.environment.pinning?.generator.split(',').length ?? generators;
  if (cpus < generators) warnings.push({ code: 'generators-share-cpu', data: { generators, cpus } });
  for (const one of counted) warnings.push(...trialWarnings(one, record));
  for (const scenario of scenarios) {
    warnings.push(...idleTimeoutWarnings(scenario));
    for (const strategy of scenario.strategies) {
      // A closed loop leaves no idle gaps, so there is no race in it; with another T its place is not known.
      const mayRace =
        strategy.label === record.config.reference &&
        scenario.config.traffic.kind !== 'closed' &&
        !scenario.idleTimeout.differs;
      warnings.push(...strategyWarnings(scenario, strategy, mayRace));
      const trials = counted.filter(
        ({ trial: { identity } }) =>
          identity.scenarioId === scenario.id && identity.strategyId === strategy.id,
      );
      const isPredicted =
        scenario.config.client.settings === 'policy' && scenario.config.traffic.kind !== 'closed';
      if (isPredicted) warnings.push(...lagWarnings(scenario.id, strategy, trials));
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
  // What is left out is in no figure, so its other readings matter no more.
  if (scenario !== undefined && health.ok) warnings.push(...healthWarnings(trial, scenario));
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

function strategyWarnings(
  { id: scenario, config }: ScenarioSummary,
  summary: StrategySummary,
  mayRace: boolean,
): Warning[] {
  const { label: strategy, policy, connections, ledger, raceRate, lawCheck, hop } = summary;
  const warnings: Warning[] = [];
  if (policy.connection.reuse && connections.freshShare === 1) {
    warnings.push({ code: 'never-reused', data: { scenario, strategy } });
  }
  const share = otherLossShare(summary);
  if (share > otherLossShareMax)
    warnings.push({ code: 'slow-may-be-lost', data: { scenario, strategy, share } });
  if (ledger !== null && ledger.executedTwice > 0) {
    warnings.push({ code: 'executed-twice', data: { scenario, strategy, requests: ledger.executedTwice } });
  }
  if (mayRace && raceRate.estimate === 0 && (hop === null || hop.upstreamDeaths === 0)) {
    const code = config.via === null ? 'no-race-seen' : 'no-race-behind-balancer';
    warnings.push({ code, data: { scenario, strategy } });
  }
  const {
    predicted,
    measuredMinusPredicted: { estimate: difference, low, high },
  } = lawCheck;
  if (predicted !== null && difference !== null && low !== null && high !== null && (low > 0 || high < 0)) {
    warnings.push({
      code: 'prediction-missed',
      data: { scenario, strategy, predicted, difference, low, high },
    });
  }
  return warnings;
}

function idleTimeoutWarnings({ id: scenario, idleTimeout }: ScenarioSummary): Warning[] {
  const { differs, configuredMs, seenMs, evidence } = idleTimeout;
  if (!differs) return [];
  const { closes, reusesBeyond, longestReuseMs } = evidence;
  const data = { scenario, configuredMs, seenMs, closes, reusesBeyond, longestReuseMs };
  return [{ code: 'idle-timeout-differs', data }];
}

/** A target that notes the moments of its requests, and a strategy that reuses: only the idle ages were in the way. */
function lagWarnings(
  scenario: string,
  { label: strategy, policy, connections }: StrategySummary,
  counted: readonly CountedTrial[],
): Warning[] {
  if (!policy.connection.reuse || policy.server.idleTimeoutMs === null || connections.freshShare === 1)
    return [];
  const samples = counted
    .filter(({ trial }) => trial.health.ok && trial.target !== null && keepsMoments(trial.target))
    .flatMap(({ lags }) => (lags === null ? [] : [lags.requestPathNs.length]));
  const fewest = Math.min(...samples);
  if (samples.length === 0 || fewest >= lagSamplesMin) return [];
  const data = { scenario, strategy, samples: fewest, needed: lagSamplesMin };
  return [{ code: 'no-lag-measured', data }];
}

/** The tail that p99 cuts off: a larger share of lost requests can move it whichever they are. */
const otherLossShareMax = 0.01;
/** The race does not choose slow requests, and a request that met a limit of time counts as slower than any answer. */
const harmless: ReadonlySet<string> = new Set([
  'ok',
  'idle-race',
  'timeout',
  'connect-timeout',
  'aborted',
  'dropped',
] satisfies Outcome[]);

function otherLossShare({ outcomes, requests }: StrategySummary): number {
  const lost = Object.entries(outcomes).filter(([outcome]) => !harmless.has(outcome));
  return lost.reduce((sum, [, count]) => sum + count, 0) / Math.max(1, requests.scheduled);
}
