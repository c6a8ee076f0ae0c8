/**
 * Makes a counted trial from a few numbers, for tests and simulations of many trials.
 * It sets every field that the comparison and the intervals of the table read; the others are empty.
 */
import { noReadings } from '../harness/contract/health.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { referencePolicy } from '../harness/contract/policy.ts';
import type { HealthyTrial } from './counted-trial.ts';
import type { TrialDigest } from './digest-trial.ts';

export interface TrialNumbers {
  readonly label: string;
  /** From 1. */
  readonly round: number;
  /** Response time of every scheduled request, in the plan's order; Infinity: it failed. */
  readonly successMs: Float64Array;
  /** All failed requests timed out. */
  readonly timesOut?: boolean;
  readonly cpuMs: number | null;
  readonly connectionsOpened: number;
  readonly measuredMs?: number;
  /** Why the trial must not be counted; none: it is healthy. */
  readonly unhealthy?: string;
}

export function countedTrialOf(numbers: TrialNumbers): HealthyTrial {
  const { label, round, cpuMs, unhealthy } = numbers;
  return {
    trial: {
      identity: {
        id: `main.${label}.r${round}`,
        scenarioId: 'main',
        strategyId: label,
        strategyLabel: label,
        round,
        attempt: 1,
        order: 1,
        policy: referencePolicy(500),
        planFingerprint: 'f00d',
      },
      generator: null,
      target: null,
      wire: null,
      balancer: null,
      capture: null,
      resources: null,
      usage: null,
      health: {
        ok: unhealthy === undefined,
        reasons: unhealthy === undefined ? [] : [unhealthy],
        laws: [],
        readings: noReadings,
      },
    },
    plan: noPlan,
    digest: digestOf(numbers),
    windows: [],
    flights: [],
    lags: null,
    cost: { ...noCost, cpuMs },
  };
}

const noPlan: LoadPlan = {
  loop: 'open',
  round: 1,
  clients: 0,
  warmupNs: 0,
  endNs: 0,
  intendedNs: new Float64Array(0),
  client: new Uint32Array(0),
  template: new Uint8Array(0),
  bodyBytes: new Uint32Array(0),
  templates: [],
  fingerprint: '',
};

const noCost = {
  cpuMs: null,
  cpuUserMs: null,
  cpuSystemMs: null,
  contextSwitches: null,
  rssBytesMax: null,
  fdsMax: null,
  connectionsOpenMax: null,
  timeWaitMax: null,
  socketMemoryBytesMax: null,
  tcpProbesSent: null,
};

function digestOf({
  successMs,
  timesOut = false,
  connectionsOpened,
  measuredMs = 1_500,
}: TrialNumbers): TrialDigest {
  const sorted = successMs.toSorted();
  const firstFailed = sorted.indexOf(Number.POSITIVE_INFINITY);
  const responseMs = firstFailed === -1 ? sorted : sorted.subarray(0, firstFailed);
  const scheduled = successMs.length;
  const gaveUp = Uint8Array.from(successMs, (ms) => Number(timesOut && ms === Number.POSITIVE_INFINITY));
  const failed = scheduled - responseMs.length;
  return {
    measuredMs,
    scheduled,
    started: scheduled,
    ok: responseMs.length,
    failed,
    attempts: scheduled,
    retries: 0,
    outcomes: { ok: responseMs.length, [timesOut ? 'timeout' : 'idle-race']: failed },
    deaths: timesOut ? {} : { 'idle-race': failed },
    raced: timesOut ? 0 : failed,
    fresh: connectionsOpened,
    responseMs,
    serviceMs: responseMs,
    successMs,
    gaveUp,
    latenessMs: new Float64Array(),
    connectionsOpened,
    openMax: connectionsOpened,
    ledger: null,
    hop: null,
  };
}
