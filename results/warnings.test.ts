/** Which facts of the race become a warning: a missed law, no lag, no race, and another idle timeout. */
import { expect, test } from 'vitest';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { planOfClients } from '../test/fixtures/plan.ts';
import { recordOf, scenarioFixture } from '../test/fixtures/run-record.ts';
import { type RequestTraits, type TrialTraits, trialOf } from '../test/fixtures/trial.ts';
import { summarize } from './summarize.ts';

/** 100 clients with three requests each: a fresh one, one at a safe age, and one at `ageMs`. */
const clients = 100;
function plan(ageMs: number) {
  return planOfClients(clients, (client) => [0, 320, 320 + 10 + ageMs].map((atMs) => atMs + client));
}

/** As the law has it with lags of 0, R = 10 and T = 500: the third request of the first `raced` clients died. */
function trial(round: number, ageMs: number, raced: number, more: Partial<RequestTraits & TrialTraits> = {}) {
  const { intendedNs, client } = plan(ageMs);
  const seen = new Uint32Array(clients);
  const { idleAgeMs, connections, healthy } = more;
  const requests = Array.from(intendedNs, (ns, row): RequestTraits => {
    const startedMs = ns / 1e6;
    const turn = seen[client[row]]++;
    const answered = { startedMs, doneMs: startedMs + 10, requestPathMs: 5, connection: client[row] };
    if (turn === 0) return answered;
    if (turn === 1) return { ...answered, idleAgeMs: idleAgeMs ?? 300 };
    return client[row] < raced
      ? { startedMs, outcome: 'idle-race', idleAgeMs: ageMs, connection: client[row] }
      : { ...answered, idleAgeMs: ageMs };
  });
  return trialOf({ round, requests, connections: connections ?? requests.map(() => ({})), healthy });
}

function warningsOf(trials: readonly TrialResult[], ageMs: number, change: Partial<ScenarioConfig> = {}) {
  const scenario = { ...scenarioFixture, ...change };
  return summarize({
    record: recordOf({ rounds: trials.length, warmupMs: 0, durationMs: 1_000, scenarios: [scenario] }),
    finishedAt: 'now',
    stopReason: 'rounds',
    floor: [],
    plan: (_, round) => ({ ...plan(ageMs), round }),
    trials,
  }).warnings.filter(({ code }) => code !== 'few-rounds');
}

const rounds = [1, 2, 3];

test('races as the law has them, or a few of them, are no warning', () => {
  // Ages of 495 lie in the window 490 … 500: every third request dies.
  const asExpected = rounds.map((round) => trial(round, 495, 100));
  expect(warningsOf(asExpected, 495)).toEqual([]);
  expect(
    warningsOf(
      rounds.map((round) => trial(round, 495, 98 + round)),
      495,
    ),
  ).toEqual([]);
});

test('prediction-missed: races that the law does not have, or has and are not there', () => {
  const [missed] = warningsOf(
    rounds.map((round) => trial(round, 480, 20 + round)),
    480,
  );
  expect(missed).toMatchObject({ code: 'prediction-missed', data: { strategy: 'reuse', predicted: 0 } });
  const codes = warningsOf(
    rounds.map((round) => trial(round, 495, 60 + round)),
    495,
  );
  expect(codes).toMatchObject([
    { code: 'prediction-missed', data: { difference: expect.closeTo(62 / 300 - 1 / 3, 9) } },
  ]);
});

test('no-lag-measured: every idle age is near the timeout', () => {
  const near = rounds.map((round) => trial(round, 495, 100, { idleAgeMs: 470 }));
  expect(warningsOf(near, 495)).toMatchObject([
    { code: 'no-lag-measured', data: { strategy: 'reuse', samples: 0, needed: 30 } },
  ]);
  // A target that notes no moments has none to measure.
  const coarse = near.map((one) => {
    const nothing = new Float64Array(3 * clients).fill(Number.NaN);
    const ledger = one.target && { ...one.target.ledger, noticedNs: nothing, answeredNs: nothing };
    return { ...one, target: one.target && ledger && { ...one.target, ledger } };
  });
  expect(warningsOf(coarse, 495)).toEqual([]);
});

test('no race: without a balancer, and behind one for another reason', () => {
  const none = rounds.map((round) => trial(round, 400, 0));
  expect(warningsOf(none, 400).map(({ code }) => code)).toEqual(['no-race-seen']);
  const via = {
    kind: 'nginx',
    clientIdleTimeoutMs: 75_000,
    upstreamIdleTimeoutMs: 60_000,
    upstreamConnectionsMax: 1,
    upstreamRequestsMax: 1,
    nextUpstream: [],
  } as const;
  expect(warningsOf(none, 400, { via }).map(({ code }) => code)).toEqual(['no-race-behind-balancer']);
});

test('idle-timeout-differs: reuses well past it, and then no advice to move the gaps', () => {
  const longer = rounds.map((round) => trial(round, 600, 0));
  expect(warningsOf(longer, 600)).toMatchObject([
    {
      code: 'idle-timeout-differs',
      data: { configuredMs: 500, seenMs: null, closes: 0, reusesBeyond: 300, longestReuseMs: 600 },
    },
  ]);
});

test('a reading past its first limit is a warning of a trial that counts, and of no other', () => {
  const late = (healthy: boolean) => {
    const one = trial(3, 495, 100, { healthy });
    const readings = { ...one.health.readings, wireLatenessMsP99: 20 };
    return { ...one, health: { ...one.health, readings } };
  };
  const codes = (healthy: boolean) =>
    warningsOf([trial(1, 495, 100), trial(2, 495, 100), late(healthy)], 495).map(({ code }) => code);
  expect(codes(true)).toContain('wire-late');
  expect(codes(false)).toContain('trial-unhealthy');
  expect(codes(false)).not.toContain('wire-late');
});
