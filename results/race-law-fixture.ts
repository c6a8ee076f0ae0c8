/**
 * Plans, lags and bounds for the tests of the race law. Not a test itself, and never imported by code.
 * Bounds are four standard errors of the expected number of races, plus a model error where one is named.
 */
import { expect } from 'vitest';
import { nsPerMs } from '../harness/base/clock.ts';
import { type Prng, prng } from '../harness/base/prng.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { type PolicyChange, referencePolicy } from '../harness/contract/policy.ts';
import { type LagSamples, predictRaces } from './race-law.ts';

export function planOf(
  clients: number,
  timesMs: (client: number) => readonly number[],
  warmupMs = 0,
): LoadPlan {
  const rows = Array.from({ length: clients }, (_, client) =>
    timesMs(client).map((atMs) => ({ atMs, client })),
  ).flat();
  rows.sort((a, b) => a.atMs - b.atMs);
  return {
    loop: 'open',
    round: 1,
    clients,
    warmupNs: warmupMs * nsPerMs,
    endNs: (rows.at(-1)?.atMs ?? 0) * nsPerMs,
    intendedNs: Float64Array.from(rows, ({ atMs }) => atMs * nsPerMs),
    client: Uint32Array.from(rows, ({ client }) => client),
    template: new Uint8Array(rows.length),
    bodyBytes: new Uint32Array(rows.length),
    templates: [{ method: 'POST', path: '/', headers: {} }],
    fingerprint: '',
  };
}

/** Each client's requests, `gapMs` apart. */
export function gaps(clients: number, perClient: number, gapMs: (random: Prng) => number): LoadPlan {
  return planOf(clients, (client) => {
    const random = prng('gaps', client);
    let atMs = 0;
    return Array.from({ length: perClient }, () => {
      atMs += gapMs(random);
      return atMs;
    });
  });
}

/** Always these, in ms. */
export function fixedLags(
  requestPath: number,
  responsePath: number,
  service = 0,
  timerLateness = 0,
): LagSamples {
  const always = (ms: number) => Float64Array.of(ms * nsPerMs);
  return {
    requestPathNs: always(requestPath),
    responsePathNs: always(responsePath),
    closePathNs: always(responsePath),
    serviceNs: always(service),
    timerLatenessNs: always(timerLateness),
  };
}

function policyWith(idleTimeoutMs: number | null, change: PolicyChange = {}) {
  const reference = referencePolicy(idleTimeoutMs);
  return {
    connection: { ...reference.connection, ...change.connection },
    retry: { ...reference.retry, ...change.retry },
    server: { ...reference.server, ...change.server },
  };
}

interface Case {
  readonly plan: LoadPlan;
  /** Left out: as intended. */
  readonly startedNs?: Float64Array;
  readonly lags: LagSamples;
  /** null: none. */
  readonly idleTimeoutMs?: number | null;
  readonly idleJitterMs?: number;
  readonly rttMs?: number;
  readonly change?: PolicyChange;
  readonly connectionsPerClientMax?: number;
  readonly advertisedTimeoutMs?: number;
}

export function predict({ plan, startedNs, lags, idleTimeoutMs = 500, rttMs = 10, change, ...limits }: Case) {
  const prediction = predictRaces({
    plan,
    startedNs,
    policy: policyWith(idleTimeoutMs, change),
    network: { rttMs },
    lags,
    connectionsPerClientMax: limits.connectionsPerClientMax ?? null,
    advertisedTimeoutMs: limits.advertisedTimeoutMs ?? null,
    idleJitterMs: limits.idleJitterMs,
    seed: 7,
  });
  if (prediction === null) throw new Error('no prediction');
  return prediction;
}

export function expectNear(probability: number, expected: number, requests: number, modelError = 0): void {
  const slack = 4 * Math.sqrt(expected / requests) + modelError * expected;
  expect(probability).toBeGreaterThanOrEqual(expected - slack);
  expect(probability).toBeLessThanOrEqual(expected + slack);
}

/** Gaps uniform in 450 … 550 ms around T = 500 ms, as in the prototype. */
export const aroundTimeout = gaps(100, 200, (random) => 450 + 100 * random());
