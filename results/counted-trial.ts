/**
 * A trial with everything counted that is needed more than once: its digest, its lags, and the
 * race probability that the law predicts for its plan. The prediction is made from the plan, the
 * policy and the lags; it does not see the digest.
 */
import { nsPerMs } from '../harness/base/clock.ts';
import type { Flight } from '../harness/contract/flight.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { Policy } from '../harness/contract/policy.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { Window } from '../harness/contract/summary.ts';
import { advertisedSeconds, type ProcessUsage } from '../harness/contract/target.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { digestTrial, type TrialDigest } from './digest-trial.ts';
import { flightsOf } from './flights.ts';
import { lagsOf } from './lags.ts';
import { type LagSamples, predictRaces } from './race-law.ts';
import { windowsOf } from './windows.ts';

/** Flights that each trial offers, and a strategy shows at most. */
export const flightsMax = 3;

export interface CountedTrial {
  readonly trial: TrialResult;
  /** null: the trial was cut short. */
  readonly digest: TrialDigest | null;
  readonly windows: readonly Window[];
  readonly flights: readonly Flight[];
  /** null where the target keeps no books, and behind a balancer. */
  readonly lags: LagSamples | null;
  readonly predictedRaceProbability: number | null;
  /** Server cost over the measured time; null fields where the OS does not tell. */
  readonly cost: TrialCost;
}

interface TrialCost {
  /** User and system together. */
  readonly cpuMs: number | null;
  readonly cpuUserMs: number | null;
  readonly cpuSystemMs: number | null;
  readonly contextSwitches: number | null;
  readonly rssBytesMax: number | null;
  readonly fdsMax: number | null;
  readonly connectionsOpenMax: number | null;
  readonly timeWaitMax: number | null;
  readonly socketMemoryBytesMax: number | null;
  readonly tcpProbesSent: number | null;
}

export function countTrial(
  trial: TrialResult,
  plan: LoadPlan,
  scenario: ScenarioConfig,
  seed: number,
): CountedTrial {
  const { generator, target, identity } = trial;
  const cost = costOf(trial);
  if (generator === null) {
    return {
      trial,
      digest: null,
      windows: [],
      flights: [],
      lags: null,
      predictedRaceProbability: null,
      cost,
    };
  }
  const idleTimeoutMs = identity.policy.server.idleTimeoutMs ?? Number.POSITIVE_INFINITY;
  const safeMs = idleTimeoutMs - scenario.network.rttMs - scenario.lagAllowanceMs;
  // Behind a balancer the race is on its connections, of which neither plan, policy nor the client's timings say anything.
  const lags =
    target === null || scenario.via !== null ? null : lagsOf(plan, generator, target, safeMs * nsPerMs);
  const prediction =
    lags === null
      ? null
      : predictRaces({
          plan,
          policy: identity.policy,
          network: scenario.network,
          lags,
          connectionsPerClientMax: scenario.client.connectionsPerClientMax,
          advertisedTimeoutMs: advertisedTimeoutMs(scenario, identity.policy.server.idleTimeoutMs),
          idleJitterMs: scenario.target.kind === 'embedded' ? scenario.target.idleJitterMs : 0,
          seed,
        });
  return {
    trial,
    digest: digestTrial(plan, trial, generator),
    windows: windowsOf(plan, identity.round, generator, trial),
    flights: flightsOf(plan, trial, flightsMax),
    lags,
    predictedRaceProbability: believable(prediction?.raceProbability ?? null, lags, identity.policy),
    cost,
  };
}

/** The replay takes a lag that was never measured for none; a rate that comes of it is no prediction, unless there can be no race. */
function believable(
  probability: number | null,
  lags: LagSamples | null,
  { connection, server }: Policy,
): number | null {
  const measured = lags !== null && lags.requestPathNs.length > 0;
  const cannotRace = !connection.reuse || server.idleTimeoutMs === null;
  return measured || cannotRace ? probability : null;
}

function advertisedTimeoutMs({ target }: ScenarioConfig, idleTimeoutMs: number | null): number | null {
  const seconds = advertisedSeconds(target, idleTimeoutMs);
  return seconds === null ? null : seconds * 1_000;
}

/** Counted in estimates: finished and healthy. */
export function isHealthy(counted: CountedTrial): counted is CountedTrial & { digest: TrialDigest } {
  return counted.digest !== null && counted.trial.health.ok;
}

function costOf({ usage, resources, target }: TrialResult): TrialCost {
  return {
    cpuMs: difference(usedCpuMs(usage?.end), usedCpuMs(usage?.start)),
    cpuUserMs: difference(usage?.end.cpuUserMs, usage?.start.cpuUserMs),
    cpuSystemMs: difference(usage?.end.cpuSystemMs, usage?.start.cpuSystemMs),
    contextSwitches: difference(usage?.end.contextSwitches, usage?.start.contextSwitches),
    rssBytesMax: largest([columnMax(resources?.rssBytes), usage?.start.rssBytes, usage?.end.rssBytes]),
    fdsMax: largest([columnMax(resources?.fds), usage?.start.fds, usage?.end.fds]),
    connectionsOpenMax: target?.connectionsOpenMax ?? null,
    timeWaitMax: columnMax(resources?.timeWait),
    socketMemoryBytesMax: columnMax(resources?.socketMemoryBytes),
    tcpProbesSent: columnRise(resources?.tcpProbesSent),
  };
}

function usedCpuMs(usage: ProcessUsage | undefined): number | null {
  return usage === undefined ? null : (usage.cpuMs ?? total([usage.cpuUserMs, usage.cpuSystemMs]));
}

function difference(end: number | null | undefined, start: number | null | undefined): number | null {
  return end === null || end === undefined || start === null || start === undefined ? null : end - start;
}

function columnMax(column: Float64Array | null | undefined): number | null {
  return column ? largest([...column].filter((value) => !Number.isNaN(value))) : null;
}

function columnRise(column: Float64Array | null | undefined): number | null {
  const known = column ? [...column].filter((value) => !Number.isNaN(value)) : [];
  return known.length < 2 ? null : known[known.length - 1] - known[0];
}

/** Largest of those that are known; null when none is. */
export function largest(values: readonly (number | null | undefined)[]): number | null {
  let max: number | null = null;
  for (const value of values) {
    if (value !== null && value !== undefined && (max === null || value > max)) max = value;
  }
  return max;
}

/** Sum; null as soon as one is not known. */
export function total(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum;
}
