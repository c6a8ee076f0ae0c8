/** The race-law check can fail: a world that follows the law holds, worlds with another law fail, stalls refuse. */
import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { judgeRaceLaw } from './judge-race-law.ts';
import { stallsOf, untouched } from './race-stalls.ts';
import { type Probe, type Sweep, type SweepSetup, sweepPlan } from './race-sweep.ts';

const setup: SweepSetup = { idleTimeoutMs: 400, rttMs: 20, connections: 1_600, everyMs: 2, reachMs: 40 };

/** @param world.closesAfterMs How long the server really waits. @param world.wayMs How long a way really takes. */
function sweepOf({ closesAfterMs = 400, requestWayMs = 10, finWayMs = 10 }, seed = 1) {
  const random = prng(seed, 'world');
  const lagMs = () => 0.3 + 0.5 * random();
  const probes: { -readonly [Key in keyof Probe]: Probe[Key] }[] = [];
  const lags = [];
  const timerLatenessMs = [];
  for (let index = 0; index < setup.connections; index++) {
    const ageMs = 360 + (80 * (index + random())) / setup.connections;
    const answerPathMs = 10 + lagMs();
    const timerLate = 1.5 * random() - 0.5;
    const closesMs = closesAfterMs + timerLate - answerPathMs;
    const isDead = ageMs > closesMs - requestWayMs - lagMs();
    const isNoticed = ageMs >= closesMs + finWayMs + lagMs();
    const sentMs = 800 + index * setup.everyMs;
    const fate = isNoticed ? 'fresh' : isDead ? 'died' : 'answered';
    probes.push({ ageMs, sentMs, answerPathMs, fate, executions: fate === 'died' ? 0 : 1 });
    const lagSentMs = 150 + index * setup.everyMs;
    const noticedMs = lagSentMs + 10 + lagMs();
    lags.push({ sentMs: lagSentMs, noticedMs, answeredMs: noticedMs, doneMs: noticedMs + 10 + lagMs() });
    timerLatenessMs.push(timerLate);
  }
  const departures = lags.map(({ sentMs }) => ({ intendedMs: sentMs, startedMs: sentMs }));
  return { probes, lags, departures, timerLatenessMs, lost: 0 } satisfies Sweep;
}

const judge = (sweep: Sweep, complaints: readonly string[] = []) => judgeRaceLaw(sweep, setup, 1, complaints);

test.each([1, 2, 3, 4, 5, 6])('a world that follows the law holds (seed %s)', (seed) => {
  const { status, findings } = judge(sweepOf({}, seed));
  expect(findings.filter(({ held }) => !held)).toEqual([]);
  expect(status).toBe('held');
  expect(findings).toHaveLength(23);
});

test('most bins are exact: none may die outside, nearly all must inside', () => {
  const { findings } = judge(sweepOf({}));
  expect(findings.filter(({ expected }) => /^0 of \d+ /.test(expected)).length).toBeGreaterThanOrEqual(10);
  expect(
    findings.filter(({ expected }) => expected.includes('(the law: 100.0 %)')).length,
  ).toBeGreaterThanOrEqual(3);
});

test.each([
  ['a server that closes 4 ms early', { closesAfterMs: 396 }],
  ['a server that closes 4 ms late', { closesAfterMs: 404 }],
  ['a wire that takes 6 ms less to the server', { requestWayMs: 4 }],
  ['a wire that holds the FIN back for 5 ms', { finWayMs: 15 }],
  ['a wire that lets the FIN overtake', { finWayMs: 3 }],
])('%s: failed', (_, world) => {
  expect(judge(sweepOf(world)).status).toBe('failed');
});

test.each<[string, 'failed' | 'refused', (sweep: ReturnType<typeof sweepOf>) => void]>([
  [
    'one death far below the window',
    'failed',
    ({ probes }) => {
      probes[100].fate = 'died';
      probes[100].executions = 0;
    },
  ],
  [
    'a dead request that was executed',
    'failed',
    ({ probes }) => {
      const dead = probes.find(({ fate }) => fate === 'died');
      if (dead !== undefined) dead.executions = 1;
    },
  ],
  [
    'one that died of something else',
    'failed',
    ({ probes }) => {
      probes[5].fate = 'other';
    },
  ],
  [
    'an answer that nobody gave',
    'failed',
    ({ probes }) => {
      probes[5].executions = 0;
    },
  ],
  [
    'survivors in the middle of the window',
    'failed',
    ({ probes }) => {
      for (const probe of probes.filter(({ ageMs }) => ageMs > 388 && ageMs < 392).slice(0, 20)) {
        probe.fate = 'answered';
        probe.executions = 1;
      }
    },
  ],
  [
    'a machine that stands still all the time',
    'refused',
    ({ departures }) => {
      for (const departure of departures) departure.startedMs += 5;
    },
  ],
])('%s: %s', (_, expected, tamper) => {
  const sweep = sweepOf({});
  tamper(sweep);
  expect(judge(sweep).status).toBe(expected);
});

test('a complaint of the health gate refuses, and excuses no count of the books', () => {
  const sweep = sweepOf({});
  expect(judge(sweep, ['busy']).status).toBe('refused');
  sweep.probes[5].fate = 'other';
  expect(judge(sweep, ['busy']).status).toBe('failed');
});

test.each([
  [5, 'held'],
  [6, 'refused'],
])('%s bins that are left with too few probes: %s', (bins, expected) => {
  const sweep = sweepOf({});
  const isThere = ({ ageMs }: Probe) => ageMs >= 360 + 4 * bins;
  const { status, findings } = judge({ ...sweep, probes: sweep.probes.filter(isThere) });
  expect(status).toBe(expected);
  expect(findings).toHaveLength(3 + (expected === 'held' ? 20 - bins : 0));
});

test('without lags it refuses', () => {
  expect(judge({ ...sweepOf({}), lags: [] }).status).toBe('refused');
});

test('untouched() leaves out probes by when they were decided, never by how', () => {
  const sweep = sweepOf({});
  const stalled = { ...sweep, departures: [{ intendedMs: 2_000, startedMs: 2_010 }] };
  const stalls = stallsOf(stalled, setup);
  expect(stalls).toEqual([{ fromMs: 1_999.5, toMs: 2_010.5 }]);
  const left = untouched(sweep.probes, stalls, setup);
  const gone = sweep.probes.filter((probe) => !left.includes(probe));
  expect(gone.length).toBeGreaterThan(5);
  for (const { sentMs } of gone) expect(Math.abs(sentMs - 2_005)).toBeLessThan(70);
  const other = sweep.probes.map((probe) => ({ ...probe, fate: 'answered' as const }));
  expect(untouched(other, stalls, setup)).toHaveLength(left.length);
});

test('sweepPlan() gives every connection its three requests, and gaps over the whole reach', () => {
  const { plan, rows } = sweepPlan(setup, 3);
  expect(plan.client).toHaveLength(3 * setup.connections);
  const at = (row: number) => plan.intendedNs[row] / 1e6;
  const gaps = rows.map(([, lag, probe]) => at(probe) - at(lag) - setup.rttMs).sort((a, b) => a - b);
  expect(gaps[0]).toBeGreaterThanOrEqual(360);
  expect(gaps[0]).toBeLessThan(360.1);
  expect(gaps[gaps.length - 1]).toBeLessThan(440);
  const steps = gaps.slice(1).map((gap, index) => gap - gaps[index]);
  expect(Math.max(...steps)).toBeLessThan(0.1 + 1e-6);
  expect(plan.fingerprint).toBe(sweepPlan(setup, 3).plan.fingerprint);
  expect(plan.fingerprint).not.toBe(sweepPlan(setup, 4).plan.fingerprint);
});
