/** One strategy's part of the fixture: a `StrategySummary` grown from a handful of traits. */
import { type Prng, prng } from '../harness/base/prng.ts';
import { type Estimate, noEstimate } from '../harness/contract/estimate.ts';
import type { Flight } from '../harness/contract/flight.ts';
import { type Policy, type PolicyChange, referencePolicy } from '../harness/contract/policy.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { RateEstimate, StrategySummary } from '../harness/contract/summary.ts';
import { fixtureTrials, fixtureWindows } from './fixture-trials.ts';
import { fixtureVerdicts } from './fixture-verdicts.ts';

export interface StrategyTraits {
  readonly label: string;
  readonly change: PolicyChange;
  /** Share of requests whose first attempt races, at R = 10 ms and T = 500 ms. */
  readonly raceRate: number;
  readonly retries: boolean;
  readonly freshShare: number;
  /** Target CPU per 1,000 requests, ms. null: not available. */
  readonly cpuMs: number | null;
  readonly handshakes: number;
  readonly openMax: number;
  readonly isHealthy: boolean;
}

const plainTraits = { change: {}, raceRate: 0, retries: false, handshakes: 0, isHealthy: true };
const retry: PolicyChange['retry'] = { attemptsMax: 2, on: ['idle-race'], connection: 'fresh' };

export const fixtureStrategies: readonly StrategyTraits[] = [
  { ...plainTraits, label: 'reuse', raceRate: 0.0293, freshShare: 0.37, cpuMs: 182, openMax: 331 },
  {
    ...plainTraits,
    label: 'retry',
    change: { retry },
    raceRate: 0.0301,
    retries: true,
    freshShare: 0.37,
    cpuMs: 189,
    openMax: 333,
  },
  {
    ...plainTraits,
    label: 'long-idle',
    change: { server: { idleTimeoutMs: 9_000 } },
    freshShare: 0,
    cpuMs: 121,
    openMax: 400,
  },
  {
    ...plainTraits,
    label: 'short-lived',
    change: { connection: { reuse: false } },
    freshShare: 1,
    cpuMs: 318,
    handshakes: 1,
    openMax: 24,
  },
  {
    ...plainTraits,
    label: 'evict',
    change: { connection: { idleTimeoutMs: 470 } },
    freshShare: 0.4,
    cpuMs: 195,
    openMax: 318,
  },
  {
    ...plainTraits,
    label: 'evict+retry',
    change: { connection: { idleTimeoutMs: 470 }, retry },
    freshShare: 0.4,
    cpuMs: 196,
    openMax: 318,
  },
  {
    ...plainTraits,
    label: './mine</script> pre$ ` <b>|\u001b[31m.ts',
    raceRate: 0.027,
    freshShare: 0.37,
    cpuMs: null,
    openMax: 329,
    isHealthy: false,
  },
];

const started = 9_412;

function around(value: number | null, spread: number): Estimate {
  if (value === null) return noEstimate;
  return { estimate: value, low: value * (1 - spread), high: value * (1 + spread * 1.1) };
}

function within(value: number, half: number): Estimate {
  return { estimate: value, low: value - half, high: value + half };
}

function rate(value: number): RateEstimate {
  if (value === 0) {
    const none = { requests: started, rounds: 3, badRoundShareHigh: 1 - 0.05 ** (1 / 3) };
    return { estimate: 0, low: 0, high: 3 / started, none };
  }
  const half = 1.96 * Math.sqrt((value * (1 - value)) / started) * 1.3;
  return { estimate: value, low: Math.max(0, value - half), high: value + half, none: null };
}

function timeToSuccess({ p50, p90, p99 }: StrategySummary['responseTimeMs'], errors: number) {
  const reachedBelow = (percentile: number, time: Estimate) =>
    errors > 1 - percentile ? { ...noEstimate, reached: false } : { ...time, reached: true };
  return { p50: reachedBelow(0.5, p50), p90: reachedBelow(0.9, p90), p99: reachedBelow(0.99, p99) };
}

export function fixtureStrategy(
  traits: StrategyTraits,
  config: ScenarioConfig,
  isReference: boolean,
): StrategySummary {
  const random = prng('fixture', config.id, traits.label);
  const { isHealthy, raceRate } = traits;
  const { rttMs } = config.network;
  const p50 = 1 + rttMs + (traits.handshakes > 0 ? rttMs : 0) + 0.4 * random();
  const p99 = p50 + (traits.freshShare > 0.01 ? rttMs : 0) + 6 + 2 * random();
  const errors = traits.retries ? 0 : raceRate;
  const failed = Math.round(errors * started);
  const races = Math.round(raceRate * started);
  const policy = withChange(referencePolicy(config.target.idleTimeoutMs), traits.change);
  const times = {
    p50: around(p50, 0.02),
    p90: around((p50 + p99) / 2, 0.04),
    p99: around(p99, 0.09),
    p999: isHealthy ? around(p99 * 1.6, 0.3) : noEstimate,
    max: p99 * 2.4,
  };
  const predicted = raceRate === 0 ? 0 : raceRate * (0.93 + 0.1 * random());
  return {
    id: traits.label.replace(/[^a-z0-9-]+/g, '-'),
    label: traits.label,
    title: traits.label,
    policy,
    requests: { scheduled: started, started, dropped: 0, ok: started - failed, failed },
    attempts: { total: started + (traits.retries ? races : 0), retries: traits.retries ? races : 0 },
    ledger: isHealthy
      ? { lost: failed, executedButFailed: 0, executedTwice: traits.label === 'retry' ? 41 : 0 }
      : null,
    hop: null,
    outcomes: failed === 0 ? { ok: started } : { ok: started - failed, 'idle-race': failed },
    deaths: races === 0 ? {} : { 'idle-race': races },
    errorRate: rate(errors),
    raceRate: rate(raceRate),
    answeredPerSecond: around((started - failed) / 24, 0.004),
    prediction: {
      raceProbability: isHealthy ? predicted : null,
      by: isHealthy ? (predicted === 0 ? 'closed-form' : 'replay') : null,
      requestsReplayed: isHealthy ? 16 * started : 0,
      window: {
        rttMs,
        serverLagMs: 0.31,
        clientLagMs: isHealthy ? 0.44 : null,
        timerLatenessMs: 0.6,
        widthMs: isHealthy ? rttMs + 0.75 : null,
        lagSamples: 4_120,
      },
    },
    lawCheck: {
      predicted: isHealthy ? predicted : null,
      measuredMinusPredicted: isHealthy ? within(raceRate - predicted, 0.004) : noEstimate,
    },
    responseTimeMs: times,
    serviceTimeMs: times,
    timeToSuccessMs: timeToSuccess(times, errors),
    responseTimeCurve: curve(p50, p99, traits.freshShare, random),
    latenessMs: { p50: 0.01, p99: 0.24, max: 3.1 },
    connections: {
      opened: Math.round(traits.freshShare * started),
      requestsPerConnection: traits.freshShare === 0 ? null : 1 / traits.freshShare,
      openMax: traits.openMax,
      freshShare: traits.freshShare,
      openedPer1000Requests: around(traits.freshShare * 1_000, 0.03),
    },
    server: {
      cpuMsPer1000Requests: around(traits.cpuMs, 0.06),
      cpuUserMsPer1000Requests: traits.cpuMs === null ? null : traits.cpuMs * 0.7,
      cpuSystemMsPer1000Requests: traits.cpuMs === null ? null : traits.cpuMs * 0.3,
      contextSwitchesPer1000Requests: isHealthy ? 1_830 : null,
      rssBytesMax: isHealthy ? (61 + traits.openMax / 60) * 2 ** 20 : null,
      connectionsOpenMax: isHealthy ? traits.openMax + 3 : null,
      connectionsAccepted: Math.round(traits.freshShare * started),
      fdsMax: traits.openMax + 31,
      eventLoopDelayMsP99: 1.9,
    },
    kernel: { timeWaitMax: 120, socketMemoryBytesMax: null, tcpProbesSent: null },
    generator: { cpuShare: 0.41, eventLoopDelayMsP99: 1.2 },
    trials: fixtureTrials(traits, config.id, random),
    windows: fixtureWindows(traits, p99, random),
    flights: raceRate === 0 || !isHealthy ? [] : [fixtureFlight(`${config.id}.${traits.label}.r1`, rttMs)],
    versusReference: isReference ? null : fixtureVerdicts(traits),
  };
}

function withChange(policy: Policy, change: PolicyChange): Policy {
  return {
    connection: { ...policy.connection, ...change.connection },
    retry: { ...policy.retry, ...change.retry },
    server: { ...policy.server, ...change.server },
  };
}

function curve(
  p50: number,
  p99: number,
  freshShare: number,
  random: Prng,
): StrategySummary['responseTimeCurve'] {
  let ms = p50 * 0.9;
  return Array.from({ length: 80 }, (_, step) => {
    const p = 1 - 10 ** (-step / 20);
    const wanted = p < 1 - freshShare ? p50 : p50 + (p99 - p50) * (0.6 + step / 90);
    ms = Math.max(ms, wanted * (1 + 0.02 * random()) + (step > 60 ? (step - 60) * 0.5 : 0));
    return { percentile: p * 100, ms };
  });
}

function fixtureFlight(trial: string, rttMs: number): Flight {
  return {
    trial,
    request: 812,
    attempt: 1,
    method: 'POST',
    outcome: 'idle-race',
    sign: 'fin',
    idleAgeMs: 495.2,
    executions: 0,
    events: [
      { witness: 'client', step: 'answer-read', atMs: -495.2 },
      { witness: 'client', step: 'request-written', atMs: 0 },
      { witness: 'packets', step: 'request-sent', atMs: 0 },
      { witness: 'wire', step: 'fin-passed', atMs: rttMs / 2 },
      { witness: 'packets', step: 'fin-sent', atMs: rttMs / 2 + 0.04 },
      { witness: 'client', step: 'death-noticed', atMs: rttMs / 2 + 0.11 },
      { witness: 'wire', step: 'rst-passed', atMs: rttMs + 0.3 },
    ],
  };
}
