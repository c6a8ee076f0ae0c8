/**
 * A trial with everything counted that is needed more than once: its digest, its windows, its lags.
 */
import { nsPerMs } from '../harness/base/units.ts';
import type { Flight } from '../harness/contract/flight.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { Window } from '../harness/contract/summary.ts';
import { cpuMsOf } from '../harness/contract/target.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import type { LagSamples } from '../harness/model/law/race-law.ts';
import { digestTrial, type TrialDigest } from './digest-trial.ts';
import { flightsOf } from './flights.ts';
import { lagsOf, safeIdleAgeMs } from './lags.ts';
import { windowsOf } from './windows.ts';

/** Flights that each trial offers, and a strategy shows at most. */
export const flightsMax = 3;

export interface CountedTrial {
  readonly trial: TrialResult;
  readonly plan: LoadPlan;
  /** null: the trial was cut short. */
  readonly digest: TrialDigest | null;
  readonly windows: readonly Window[];
  readonly flights: readonly Flight[];
  /** null where the target keeps no books, and behind a balancer. */
  readonly lags: LagSamples | null;
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

export function countTrial(trial: TrialResult, plan: LoadPlan, scenario: ScenarioConfig): CountedTrial {
  const { generator, target, identity } = trial;
  const cost = costOf(trial);
  if (generator === null) {
    return {
      trial,
      plan,
      digest: null,
      windows: [],
      flights: [],
      lags: null,
      cost,
    };
  }
  const safeMs = safeIdleAgeMs(identity.policy.server.idleTimeoutMs, scenario.network.rttMs);
  // Behind a balancer the race is on its connections, of which neither plan, policy nor the client's timings say anything.
  const lags =
    target === null || scenario.via !== null ? null : lagsOf(plan, generator, target, safeMs * nsPerMs);
  return {
    trial,
    plan,
    digest: digestTrial(plan, trial, generator),
    windows: windowsOf(plan, identity.round, generator, trial),
    flights: flightsOf(plan, trial, flightsMax),
    lags,
    cost,
  };
}

/** Counted in estimates: finished and healthy. */
export type HealthyTrial = CountedTrial & { readonly digest: TrialDigest };

export function isHealthy(counted: CountedTrial): counted is HealthyTrial {
  return counted.digest !== null && counted.trial.health.ok;
}

function costOf({ usage, resources, target }: TrialResult): TrialCost {
  return {
    cpuMs: usage && difference(cpuMsOf(usage.end), cpuMsOf(usage.start)),
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
