/**
 * A trial with everything counted that the summary needs: its digest, its windows, its lags. None of it grows with the
 * number of requests, so the trial itself is let go.
 */
import { nsPerMs } from '../harness/base/units.ts';
import type { CaptureReport } from '../harness/contract/capture.ts';
import type { Flight } from '../harness/contract/flight.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { Window } from '../harness/contract/summary.ts';
import { cpuMsOf } from '../harness/contract/target.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import type { LagSamples } from '../harness/model/law/race-law.ts';
import { digestTrial, type Fates, fatesOf, measuredRows, type TrialDigest } from './digest-trial.ts';
import { flightsOf } from './flights.ts';
import { type HistogramIntervals, intervalsOf } from './histogram-logs.ts';
import { type IdleAges, idleAgesOf } from './idle-timeout-seen.ts';
import { keepsMoments, lagsOf, safeIdleAgeMs } from './lags.ts';
import { type Pair, pairOf } from './pair-trials.ts';
import { largest } from './pooled.ts';
import { secondsOf } from './seconds.ts';
import { windowsOf } from './windows.ts';

/** Flights that each trial offers, and a strategy shows at most. */
export const flightsMax = 3;

export interface CountedTrial {
  readonly trial: Pick<TrialResult, 'identity' | 'health'>;
  /** null: the trial was cut short. */
  readonly digest: TrialDigest | null;
  /** null for the reference, and where its trial of the round is not healthy. */
  readonly pair: Pair | null;
  readonly windows: readonly Window[];
  readonly flights: readonly Flight[];
  /** null where the target keeps no books, and behind a balancer. */
  readonly lags: LagSamples | null;
  /** null: the trial was cut short. */
  readonly idleAges: IdleAges | null;
  /** null: the trial was cut short. */
  readonly intervals: HistogramIntervals | null;
  /** null: the target keeps no records. */
  readonly target: TargetFacts | null;
  /** Why the capture of its packets is incomplete; null: it is not, or there is none. */
  readonly captureIncomplete: CaptureReport['incompleteBecause'];
  /** Server cost over the measured time; null fields where the OS does not tell. */
  readonly cost: TrialCost;
}

interface TargetFacts {
  readonly connectionsAccepted: number | null;
  readonly eventLoopDelayMsP99: number | null;
  /** Did it write down when it noticed and answered requests? */
  readonly keepsMoments: boolean;
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

/** @param reference What became of the requests in the reference's trial of the same round; null: nothing to compare with. */
export function countTrial(
  trial: TrialResult,
  plan: LoadPlan,
  scenario: ScenarioConfig,
  reference: Fates | null = null,
): CountedTrial {
  const { generator, target, identity, health } = trial;
  const facts = {
    trial: { identity, health },
    target: target && {
      connectionsAccepted: target.connectionOpenedNs?.length ?? null,
      eventLoopDelayMsP99: target.eventLoopDelayMsP99,
      keepsMoments: keepsMoments(target),
    },
    captureIncomplete: trial.capture?.incompleteBecause ?? null,
    cost: costOf(trial),
  };
  if (generator === null) {
    const nothing = { digest: null, pair: null, lags: null, idleAges: null, intervals: null };
    return { ...facts, ...nothing, windows: [], flights: [] };
  }
  const rows = measuredRows(plan, generator);
  const seconds = secondsOf(plan, generator.requests, rows);
  const safeMs = safeIdleAgeMs(identity.policy.server.idleTimeoutMs, scenario.network.rttMs);
  // Behind a balancer the race is on its connections, of which neither plan, policy nor the client's timings say anything.
  const isSeen = target !== null && scenario.via === null;
  return {
    ...facts,
    digest: digestTrial(plan, trial, generator, rows),
    pair: reference && pairOf(fatesOf(plan, generator, rows), reference, plan.loop),
    windows: windowsOf(plan, identity.round, generator, trial, seconds),
    flights: flightsOf(plan, trial, flightsMax),
    lags: isSeen ? lagsOf(generator, target, safeMs * nsPerMs, rows) : null,
    idleAges: idleAgesOf(generator),
    intervals: intervalsOf(plan, generator, `round-${identity.round}`, seconds),
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
