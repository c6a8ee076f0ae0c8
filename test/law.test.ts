/**
 * The law on random numbers: closed form and replay agree on every single request, and eviction with
 * its derived margin fails no request as long as the lags stay within what it was told, and some when
 * one of them does not. Times are whole µs, so that the edges of the window are met exactly.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prng } from '../harness/base/prng.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { type PolicyChange, referencePolicy } from '../harness/contract/policy.ts';
import type { ScenarioFacts } from '../harness/contract/strategy.ts';
import { deadlyAges, type RaceTimes } from '../harness/model/law/deadly-ages.ts';
import { type LagSamples, RaceReplay } from '../harness/model/law/race-law-replay.ts';
import { safeMarginMs } from '../harness/model/law/safe-margin.ts';
import { evict } from '../strategies/evict.ts';
import { planOfClients } from './fixtures/plan.ts';

/** Whole µs, in ms. */
const ms = (max: number, min = 0) =>
  fc.integer({ min: min * 1_000, max: max * 1_000 }).map((micros) => micros / 1_000);
/** Of the replay's own arithmetic: a number of ms that is exact in binary. */
const rtt = fc.integer({ min: 0, max: 400 }).map((quarters) => quarters / 4);

const anyTimes: fc.Arbitrary<RaceTimes> = fc.record({
  rttMs: rtt,
  timerLatenessMs: ms(20, -5),
  serverLagMs: ms(60),
  answerLagMs: ms(60),
  closeLagMs: ms(60),
});

/** The same lag for every request: ms to samples of one. */
function samplesOf(times: RaceTimes, serviceMs: number): LagSamples {
  const always = (ms: number) => Float64Array.of(Math.round(ms * 1e6));
  return {
    requestPathNs: always(times.rttMs / 2 + times.serverLagMs),
    responsePathNs: always(times.rttMs / 2 + times.answerLagMs),
    closePathNs: always(times.rttMs / 2 + times.closeLagMs),
    serviceNs: always(serviceMs),
    timerLatenessNs: always(times.timerLatenessMs),
  };
}

/** One client: a request on a fresh connection, and one that finds it idle for `ageMs`. */
function planAtAge(
  { rttMs, serverLagMs, answerLagMs }: RaceTimes,
  serviceMs: number,
  ageMs: number,
): LoadPlan {
  const readMs = rttMs + (rttMs / 2 + serverLagMs) + serviceMs + (rttMs / 2 + answerLagMs);
  const plan = planOfClients(1, () => [0, readMs + ageMs]);
  return { ...plan, intendedNs: plan.intendedNs.map(Math.round) };
}

function replay(
  plan: LoadPlan,
  lags: LagSamples,
  rttMs: number,
  idleTimeoutMs: number,
  change: PolicyChange = {},
) {
  const reference = referencePolicy(idleTimeoutMs);
  const policy = { ...reference, connection: { ...reference.connection, ...change.connection } };
  const setup = { plan, policy, lags, rttMs, startedNs: null };
  const limits = { connectionsPerClientMax: null, advertisedTimeoutMs: null, idleJitterMs: 0 };
  return new RaceReplay({ ...setup, ...limits }, prng('law', plan.intendedNs.length)).run();
}

test('deadlyAges() and the replay agree on every single request, at both edges too', () => {
  const aside = fc.oneof(fc.constantFrom(-0.001, 0, 0.001), ms(300, -300));
  fc.assert(
    fc.property(
      anyTimes,
      fc.integer({ min: 600, max: 2_000 }),
      ms(50),
      fc.constantFrom('from' as const, 'to' as const),
      aside,
      (times, idleTimeoutMs, serviceMs, edge, asideMs) => {
        const ages = deadlyAges(times, idleTimeoutMs);
        // Of the edges, floating point makes sums of whole µs that are a hair off.
        const micros = (ms: number) => Math.round(ms * 1_000);
        const at = micros(edge === 'from' ? ages.fromMs : ages.toMs) + micros(asideMs);
        const dies = micros(ages.fromMs) < at && at < micros(ages.toMs);
        const plan = planAtAge(times, serviceMs, at / 1_000);
        const { races, fresh } = replay(plan, samplesOf(times, serviceMs), times.rttMs, idleTimeoutMs);
        expect(races).toBe(Number(dies));
        // Beyond the window the client knows, and opens another connection.
        expect(fresh).toBe(at >= micros(ages.toMs) ? 2 : 1);
      },
    ),
    { numRuns: 5_000 },
  );
});

test.each([486, 489, 490, 490.001, 495, 499, 499.999, 500, 501, 504])(
  'R = 10, λs = 0, λc = 5, T = 500: an idle age of %d ms dies where the law says so',
  (ageMs) => {
    const times = { rttMs: 10, timerLatenessMs: 0, serverLagMs: 0, answerLagMs: 5, closeLagMs: 5 };
    expect(deadlyAges(times, 500)).toEqual({ fromMs: 485, toMs: 500 });
    const { races } = replay(planAtAge(times, 0, ageMs), samplesOf(times, 0), 10, 500);
    expect(races).toBe(Number(ageMs > 485 && ageMs < 500));
  },
);

const anyFacts: fc.Arbitrary<ScenarioFacts> = fc
  .record({
    rttMs: rtt,
    serverIdleTimeoutMs: fc.integer({ min: 500, max: 2_000 }),
    gapMaxMs: fc.constant(10_000),
    serverLagMs: ms(80),
    clientLagMs: ms(80),
  })
  .map((facts) => ({ ...facts, peerIdleTimeoutMs: facts.serverIdleTimeoutMs }));

/** 200 gaps around the server's idle timeout, for each of five clients. */
function gapsAround(idleTimeoutMs: number, seed: number): LoadPlan {
  return planOfClients(5, (client) => {
    const random = prng('law-gaps', seed, client);
    let atMs = 0;
    return Array.from({ length: 200 }, () => {
      atMs += idleTimeoutMs * (0.4 + 0.8 * random());
      return atMs;
    });
  });
}

test('evict with its derived margin fails nothing while every lag stays within what it was told', () => {
  fc.assert(
    fc.property(anyFacts, fc.nat(), (facts, seed) => {
      const { rttMs, serverLagMs, clientLagMs, serverIdleTimeoutMs } = facts;
      const random = prng('law-lags', seed);
      const upTo = (maxMs: number, fromMs: number) =>
        // The worst is among them.
        Float64Array.from(
          { length: 50 },
          (_, index) => (fromMs + maxMs * (index === 0 ? 1 : random())) * 1e6,
        );
      const lags = {
        requestPathNs: upTo(serverLagMs, rttMs / 2),
        responsePathNs: upTo(clientLagMs, rttMs / 2),
        // The client drops the connection before the close, so its lag in noticing the close does not matter.
        closePathNs: upTo(10 * clientLagMs, rttMs / 2),
        serviceNs: upTo(30, 0),
        timerLatenessNs: upTo(20, 0),
      };
      const change = evict.policy({}, facts);
      const plan = gapsAround(serverIdleTimeoutMs ?? 0, seed);
      expect(replay(plan, lags, rttMs, serverIdleTimeoutMs ?? 0, change).races).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test.each(['serverLagMs', 'clientLagMs'] as const)(
  'evict fails a request as soon as %s is beyond what it was told, by less than its excess',
  (late) => {
    fc.assert(
      fc.property(anyFacts, ms(50, 0.01), (facts, excessMs) => {
        const { rttMs, serverIdleTimeoutMs } = facts;
        const idleTimeoutMs = serverIdleTimeoutMs ?? 0;
        const real = { ...facts, [late]: facts[late] + excessMs };
        const times = {
          rttMs,
          timerLatenessMs: 0,
          serverLagMs: real.serverLagMs,
          answerLagMs: real.clientLagMs,
          closeLagMs: real.clientLagMs,
        };
        const change = evict.policy({}, facts);
        const at = (beforeMs: number) =>
          replay(
            planAtAge(times, 0, idleTimeoutMs - safeMarginMs(facts) - beforeMs),
            samplesOf(times, 0),
            rttMs,
            idleTimeoutMs,
            change,
          ).races;
        expect(at(excessMs / 2)).toBe(1);
        expect(at(excessMs * 1.5)).toBe(0);
      }),
      { numRuns: 500 },
    );
  },
);
