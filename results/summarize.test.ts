/** From stored numbers to the summary: small trials made by hand, whose figures can be checked on paper. */

import { expect, test } from 'vitest';
import { type Outcome, outcomeCode } from '../harness/contract/outcome.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { planOf } from '../test/fixtures/plan.ts';
import { summaryOf } from '../test/fixtures/run-pass.ts';
import { recordOf, scenarioFixture } from '../test/fixtures/run-record.ts';
import { trialResultOf } from '../test/fixtures/trial-result.ts';
import { countTrial } from './counted-trial.ts';
import { histogramLogs } from './histogram-logs.ts';
import { raceRows } from './race-rows.ts';

const ms = 1e6;
const rows = 2_000;
const warmupRows = 500;

const plan = planOf({
  warmupNs: 500 * ms,
  endNs: 2_000 * ms,
  intendedNs: Float64Array.from({ length: rows }, (_, row) => row * ms),
});

interface Traits {
  readonly failedRows: readonly number[];
  readonly responseMs: number;
  readonly cpuMs: number;
  readonly executedTwice?: readonly number[];
  /** Default idle-race. */
  readonly failure?: Outcome;
  readonly healthy?: boolean;
}

/** Every row started 1 ms late, sent at once, answered `responseMs` after it was intended. */
function trial(strategy: string, round: number, traits: Traits): TrialResult {
  const failed = new Set(traits.failedRows);
  const twice = new Set(traits.executedTwice ?? []);
  const column = (of: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => of(row));
  const bytes = (of: (row: number) => number) => Uint8Array.from({ length: rows }, (_, row) => of(row));
  const startedNs = column((row) => (row + 1) * ms);
  const usage = { rssBytes: 1e8, contextSwitches: 0 };
  return trialResultOf({
    identity: { strategyId: strategy, round },
    generator: {
      counters: { attempts: rows, started: rows, dropped: 0, answered: rows - failed.size, openMax: 3 },
      requests: {
        startedNs,
        sentNs: startedNs,
        lastSentNs: startedNs,
        doneNs: column((row) => (row + traits.responseMs) * ms),
        outcome: bytes((row) =>
          failed.has(row) ? outcomeCode[traits.failure ?? 'idle-race'] : outcomeCode.ok,
        ),
        reused: bytes((row) => (row % 2 === 0 ? 1 : 0)),
        idleAgeNs: column((row) => (row % 2 === 0 ? 100 * ms : Number.NaN)),
      },
      deaths: {
        request: Uint32Array.from(traits.failedRows),
        outcome: Uint8Array.from(traits.failedRows, () => outcomeCode['idle-race']),
        idleAgeNs: Float64Array.from(traits.failedRows, () => 495 * ms),
        sentNs: Float64Array.from(traits.failedRows, (row) => (row + 1) * ms),
        diedNs: Float64Array.from(traits.failedRows, (row) => (row + 5) * ms),
        bytesWritten: Uint32Array.from(traits.failedRows, () => 99),
      },
      connections: {
        openedNs: Float64Array.of(0, 600 * ms, 700 * ms),
        closedNs: Float64Array.of(Number.NaN, 1_600 * ms, Number.NaN),
      },
      cpuShare: 0.2,
    },
    target: {
      ledger: {
        executions: bytes((row) => (failed.has(row) ? 0 : twice.has(row) ? 2 : 1)),
        answers: bytes((row) => (failed.has(row) ? 0 : 1)),
        noticedNs: column((row) => (row + 1 + 5.5) * ms),
        answeredNs: column((row) => (row + 1 + 5.5) * ms),
      },
      connectionsOpenMax: 3,
      connectionOpenedNs: Float64Array.of(0, 600 * ms, 700 * ms),
      connectionClosedNs: Float64Array.of(Number.NaN, 1_600 * ms, Number.NaN),
      idleTimerLatenessNs: Float64Array.of(0.5 * ms),
      eventLoopDelayMsP99: 2,
    },
    usage: {
      start: { ...usage, cpuUserMs: 10, cpuSystemMs: 5 },
      end: { ...usage, cpuUserMs: 10 + traits.cpuMs, cpuSystemMs: 5, contextSwitches: 30 },
    },
    health: { reasons: traits.healthy === false ? ['the generator was late'] : [] },
  });
}

const record = recordOf(
  { scenarios: [{ ...scenarioFixture, traffic: { kind: 'poisson', clients: 1, ratePerSecond: 1_000 } }] },
  'evict',
);

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

function summary(trials: readonly TrialResult[]) {
  return summaryOf(record, trials, () => plan);
}

const three = (strategy: string, traits: (round: number) => Traits) =>
  [1, 2, 3].map((round) => trial(strategy, round, traits(round)));

const both = [
  // 30, 28 and 32 of 1,500 measured requests; ten more in the warm-up, which do not count.
  ...three('reuse', (round) => ({
    failedRows: [...range(0, 10), ...range(warmupRows, [30, 28, 32][round - 1])],
    responseMs: 12,
    cpuMs: 150,
  })),
  ...three('evict', () => ({ failedRows: [], responseMs: 12, cpuMs: 225, executedTwice: [0, 1, 900] })),
];

test('summarize() counts the measured time only', () => {
  const [reuse, evict] = summary(both).scenarios[0].strategies;
  expect(reuse.requests).toEqual({ scheduled: 4_500, started: 4_500, dropped: 0, ok: 4_410, failed: 90 });
  expect(reuse.outcomes).toEqual({ ok: 4_410, 'idle-race': 90 });
  expect(reuse.ledger).toEqual({ lost: 90, executedButFailed: 0, executedTwice: 0 });
  expect(evict.ledger).toEqual({ lost: 0, executedButFailed: 0, executedTwice: 3 });
  expect(reuse.errorRate.estimate).toBe(0.02);
  expect(reuse.raceRate).toEqual(reuse.errorRate);
  expect(reuse.connections).toMatchObject({ opened: 6, openMax: 3, freshShare: 0.5 });
  // Costs are per 1,000 answered requests.
  expect(reuse.server.cpuMsPer1000Requests.estimate).toBeCloseTo((450 / 4_410) * 1_000, 9);
  expect(reuse.server.contextSwitchesPer1000Requests).toBeCloseTo((90 / 4_410) * 1_000, 9);
});

test('summarize() takes response time from the intended moment, service time and lateness apart', () => {
  const [reuse] = summary(both).scenarios[0].strategies;
  expect(reuse.responseTimeMs.p50.estimate).toBeCloseTo(12, 6);
  expect(reuse.serviceTimeMs.p50.estimate).toBeCloseTo(11, 6);
  expect(reuse.latenessMs.p99).toBeCloseTo(1, 6);
});

test('summarize() measures the window from requests far from the race', () => {
  const { window } = summary(both).scenarios[0].prediction;
  expect(window.serverLagMs).toBeCloseTo(0.5, 6);
  expect(window.clientLagMs).toBeCloseTo(12 - 1 - 5.5 - 5, 6);
  expect(window.timerLatenessMs).toBeCloseTo(0.5, 6);
  expect(window.widthMs).toBeCloseTo(11, 6);
});

test('summarize() compares within rounds, with the words for it', () => {
  const [reuse, evict] = summary(both).scenarios[0].strategies;
  expect(reuse.versusReference).toBeNull();
  expect(evict.versusReference?.errorRate.word).toBe('better');
  expect(evict.versusReference?.cpuPer1000Requests).toMatchObject({ word: 'worse', scale: 'ratio' });
  // Half as much CPU again per trial, for 1,500 answers in place of 1,470, 1,472 and 1,468.
  const answered = Math.cbrt((1_470 * 1_472 * 1_468) / 1_500 ** 3);
  expect(evict.versusReference?.cpuPer1000Requests.effect.estimate).toBeCloseTo(1.5 * answered, 9);
  expect(evict.versusReference?.responseTimeP50.word).toBe('no-difference');
});

test('summarize() leaves an unhealthy trial out of every estimate, and its round out of the comparison', () => {
  const broken = both.map((one) =>
    one.identity.id === 'main.evict.r2'
      ? trial('evict', 2, {
          failedRows: range(warmupRows, 1_000),
          responseMs: 900,
          cpuMs: 9_000,
          healthy: false,
        })
      : one,
  );
  const { scenarios, warnings } = summary(broken);
  const [, evict] = scenarios[0].strategies;
  expect(evict.requests.started).toBe(3_000);
  expect(evict.errorRate.estimate).toBe(0);
  expect(evict.trials.map(({ health }) => health.ok)).toEqual([true, false, true]);
  const answered = Math.sqrt((1_470 * 1_468) / 1_500 ** 2);
  expect(evict.versusReference?.cpuPer1000Requests.effect.estimate).toBeCloseTo(1.5 * answered, 2);
  expect(warnings.map(({ code }) => code)).toContain('trial-unhealthy');
});

test('summarize() gives no verdict where no round has both strategies healthy', () => {
  const broken = both.map((one) =>
    one.identity.strategyId === 'evict'
      ? { ...one, health: { ...one.health, ok: false, reasons: ['a law is broken'] } }
      : one,
  );
  const verdict = summary(broken).scenarios[0].strategies[1].versusReference?.errorRate;
  expect(verdict).toMatchObject({ word: 'no-verdict', reasons: ['a law is broken, in 3 trials'] });
});

test('summarize() says "not available" with null, never with 0', () => {
  const blind = both.map((one) => ({ ...one, target: null, usage: null, resources: null }));
  const [reuse] = summary(blind).scenarios[0].strategies;
  expect(reuse.ledger).toBeNull();
  expect(reuse.server).toMatchObject({
    cpuMsPer1000Requests: { estimate: null, low: null, high: null },
    rssBytesMax: null,
    connectionsOpenMax: null,
    connectionsAccepted: null,
    fdsMax: null,
    eventLoopDelayMsP99: null,
  });
  expect(reuse.kernel).toEqual({ timeWaitMax: null, socketMemoryBytesMax: null, tcpProbesSent: null });
  expect(reuse.prediction.raceProbability).toBeNull();
});

test('summarize() marks a trial that lost its target, and counts nothing of it', () => {
  const lost = trialResultOf({
    identity: { strategyId: 'evict' },
    generator: null,
    target: null,
    health: { reasons: ['the target was lost: it died'] },
  });
  const { scenarios, warnings } = summary([both[0], both[1], both[2], lost]);
  expect(scenarios[0].strategies[1].requests.started).toBe(0);
  expect(scenarios[0].strategies[1].trials).toHaveLength(1);
  expect(warnings.find(({ code }) => code === 'target-lost')?.data).toMatchObject({ trial: 'main.evict.r1' });
});

test('summarize() counts the second hop over the measured time of all rounds', () => {
  const column = (of: (row: number) => number) => Uint8Array.from({ length: rows }, (_, row) => of(row));
  const isDead = (row: number) => row % 100 === 0;
  const balancer = {
    answers: column(() => 1),
    upstreamAttempts: column((row) => (isDead(row) ? 2 : 1)),
    upstreamDeaths: column((row) => Number(isDead(row))),
    upstreamRetries: column((row) => Number(isDead(row))),
    ownAnswers: column((row) => Number(row === 1_999)),
    silentCloses: column((row) => Number(row === 0)),
  };
  const [reuse, evict] = summary(both.map((one) => ({ ...one, balancer }))).scenarios[0].strategies;
  expect(reuse.hop).toEqual({
    requestsSentOn: 4_500,
    upstreamAttempts: 4_545,
    upstreamDeaths: 45,
    retriedByBalancer: 45,
    madeByBalancer: 3,
    silentCloses: 0,
  });
  expect(evict.hop).toEqual(reuse.hop);
  expect(summary(both).scenarios[0].strategies[0].hop).toBeNull();
});

test('summarize() takes the cost of a target that tells it in one sum', () => {
  const usage = { cpuUserMs: null, cpuSystemMs: null, rssBytes: 7, contextSwitches: null };
  const told = both.map((one) => ({
    ...one,
    usage: { start: { ...usage, cpuMs: 100, fds: 9 }, end: { ...usage, cpuMs: 250, fds: 5 } },
  }));
  const { server } = summary(told).scenarios[0].strategies[0];
  expect(server.cpuMsPer1000Requests.estimate).toBeCloseTo((450 / 4_410) * 1_000, 9);
  expect(server).toMatchObject({ cpuUserMsPer1000Requests: null, fdsMax: 9, rssBytesMax: 7 });
});

test('windows add up to the trial', () => {
  const [reuse] = summary(both).scenarios[0].strategies;
  const first = reuse.windows.filter(({ round }) => round === 1);
  expect(first.map(({ requests, failed, idleRaces }) => ({ requests, failed, idleRaces }))).toEqual([
    { requests: 1_000, failed: 30, idleRaces: 30 },
    { requests: 500, failed: 0, idleRaces: 0 },
  ]);
  expect(
    first.map(({ connectionsOpened, connectionsOpen }) => ({ connectionsOpened, connectionsOpen })),
  ).toEqual([
    { connectionsOpened: 2, connectionsOpen: 3 },
    { connectionsOpened: 0, connectionsOpen: 2 },
  ]);
  expect(first.map((one) => one.serverConnectionsOpen)).toEqual([3, 2]);
});

test('raceRows() has a row for each death, its warm-up marked', () => {
  const races = raceRows(plan, both[0]);
  expect(races).toHaveLength(40);
  expect(races.filter(({ isWarmup }) => isWarmup)).toHaveLength(10);
  expect(races[39]).toMatchObject({
    strategy: 'reuse',
    outcome: 'idle-race',
    sign: 'fin',
    idleAgeMs: 495,
    diedAfterMs: 4,
    bytesWritten: 99,
    executions: 0,
    method: 'POST',
  });
});

test('histogramLogs() holds what the summary counts: healthy trials only', () => {
  const [first, second] = three('reuse', () => ({ failedRows: [], responseMs: 2, cpuMs: 10 })).map(
    (one, index) => (index === 1 ? { ...one, health: { ...one.health, ok: false } } : one),
  );
  const counted = [first, second].map((one) => countTrial(one, plan, record.config.scenarios[0]));
  const [log] = histogramLogs(counted, record.startedAt);
  expect(log.fileName).toBe('main.reuse.response-time.hlog');
  expect(log.text).toContain('Tag=round-1,');
  expect(log.text).not.toContain('Tag=round-2,');
});

test('summarize() warns where requests were lost that may have been the slow ones', () => {
  const codes = (failure: Outcome, count: number) => {
    const lossy = three('reuse', () => ({
      failedRows: range(warmupRows, count),
      responseMs: 12,
      cpuMs: 150,
      failure,
    }));
    return summary([...lossy, ...both.slice(3)]).warnings.map(({ code }) => code);
  };
  expect(codes('reset', 30)).toContain('slow-may-be-lost');
  expect(codes('reset', 10)).not.toContain('slow-may-be-lost');
  // A request that met a limit counts as slower than any answer; the race does not choose slow ones.
  for (const failure of ['timeout', 'idle-race'] as const)
    expect(codes(failure, 30)).not.toContain('slow-may-be-lost');
});
