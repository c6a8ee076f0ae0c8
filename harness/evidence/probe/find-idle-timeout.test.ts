import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type IdleServer, idleModel } from '../../../test/fixtures/idle-server.ts';
import { prng } from '../../base/prng.ts';
import { errorOf, findIdleTimeout, narrowed, stagesOf } from './find-idle-timeout.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** @returns What was found, in how much virtual time, with how many requests. */
async function find(server: IdleServer, longestMs = 20_000, marginMs = 100 + (server.rttMs ?? 0)) {
  const startMs = performance.now();
  const model = idleModel(server, longestMs, marginMs);
  let result: Awaited<ReturnType<typeof findIdleTimeout>> | null = null;
  findIdleTimeout(model.probe).then((found) => {
    result = found;
  });
  // In steps, since a model that ticks never runs out of timers.
  while (result === null && performance.now() - startMs < 10 * longestMs) {
    await vi.advanceTimersByTimeAsync(100);
  }
  model.end();
  if (result === null) throw new Error('the probe did not end');
  const { finding, endings } = result as Awaited<ReturnType<typeof findIdleTimeout>>;
  return { finding, endings, tookMs: performance.now() - startMs, requests: model.requests() };
}

test('findIdleTimeout() takes the close that it sees, and confirms an age before it', async () => {
  const { finding, endings, tookMs, requests } = await find({ idleMs: 2_000 });
  expect(finding).toMatchObject({ fromMs: 2_000, toMs: 2_000, stepMs: 80, failedAtMs: [] });
  expect(finding.confirmedMs).toBe(1_820);
  expect(endings).toEqual(['fin']);
  // Twice the timeout, and the stagger of either phase.
  expect(tookMs).toBeLessThan(2 * 2_000 + 2 * 1_200 + 200);
  expect(requests).toBeLessThan(84);
});

test('findIdleTimeout() keeps the whole margin before the shortest lifetime, whatever the tick', async () => {
  const random = prng(1, 'ticks');
  for (let run = 0; run < 100; run++) {
    const rttMs = random() < 0.3 ? 0 : random() * 50;
    const byPoll = run % 2 === 0;
    const tickMs = run % 4 === 1 ? 0 : random() * 1_000;
    // What counts in whole ticks has a timeout of whole ticks.
    const idleMs = byPoll ? Math.ceil(500 / tickMs + random() * 4) * tickMs : 500 + random() * 4_000;
    const server = { idleMs, rttMs, tickMs, phaseMs: random() * tickMs, byPoll };
    const { finding } = await find(server);
    const { confirmedMs } = finding;
    expect(confirmedMs, JSON.stringify(server)).not.toBeNull();
    expect((confirmedMs ?? 0) + 100 + rttMs, JSON.stringify(server)).toBeLessThanOrEqual(idleMs);
    // And it gives away no more than the margin and the step that it names, to the ms of a timer.
    const leastMs = idleMs - 100 - rttMs - finding.stepMs - 4;
    expect(confirmedMs ?? 0, JSON.stringify(server)).toBeGreaterThan(leastMs);
    if (!byPoll) expect(finding.stepMs).toBeLessThanOrEqual(82 + 100);
  }
});

test('findIdleTimeout() of a server with ticks of 4 s spreads its connections until they span one', async () => {
  const { finding } = await find({ idleMs: 6_000, tickMs: 4_000, phaseMs: 1_900 });
  expect(finding.fromMs).toBeLessThan(6_000 + (finding.errorMs ?? 0));
  expect(finding.confirmedMs).toBeLessThan(6_000);
});

test('findIdleTimeout() lowers the age until every request on an idle connection is answered', async () => {
  // Those that confirm live for a third of the time only.
  const { finding } = await find({ idleMs: 3_000, extraMs: (connection) => (connection < 33 ? 0 : -2_000) });
  expect(finding.failedAtMs.length).toBeGreaterThan(1);
  expect(finding.confirmedMs).toBeLessThan(1_000);
  expect(finding.fromMs).toBeLessThan(3_000 * 0.9);
});

test('findIdleTimeout() says so when no idle age holds', async () => {
  const { finding } = await find({
    idleMs: 3_000,
    extraMs: (connection) => (connection < 33 ? 0 : -2_990),
  });
  expect(finding).toMatchObject({ confirmedMs: null });
  expect(finding.failedAtMs.length).toBe(5);
});

test('findIdleTimeout() takes the shortest where connections differ at random', async () => {
  const random = prng(2, 'jitter');
  const { finding } = await find({ idleMs: 3_000, extraMs: () => random() * 600 });
  expect(finding.fromMs).toBeLessThan(3_150);
  expect(finding.toMs).toBeGreaterThan(3_400);
});

test('findIdleTimeout() of a server without a timeout says how far it looked', async () => {
  const { finding, endings, tookMs } = await find({ idleMs: null }, 3_000);
  expect(finding).toMatchObject({ noneUpToMs: 3_000, fromMs: null, confirmedMs: null });
  expect(endings).toEqual([]);
  expect(tookMs).toBeLessThan(3_000 + 1_400);
});

test('findIdleTimeout() bisects what is dropped silently, and stops once it is known', async () => {
  const { finding, tookMs } = await find({ idleMs: 2_620, isSilent: true }, 90_000);
  expect(finding.isSilent).toBe(true);
  expect(finding.fromMs).toBeLessThanOrEqual(2_620);
  expect(finding.toMs).toBeGreaterThanOrEqual(2_620);
  expect((finding.toMs ?? 0) - (finding.fromMs ?? 0)).toBeLessThanOrEqual(2 * errorOf(2_620));
  expect(finding.confirmedMs).toBeLessThan(2_620);
  expect(tookMs).toBeLessThan(7 * 2_620);
});

test('findIdleTimeout() does not take one failed request for a silent drop', async () => {
  // The first connection used again at 4 s is dropped before that; its server closes after 6 s.
  const { finding } = await find({ idleMs: 6_000, failsAtMs: 4_000 });
  expect(finding).toMatchObject({ fromMs: 6_000, isSilent: false });
});

test('narrowed() brackets between the last that survived and the first that did not', () => {
  const use = (atMs: number, fate: 'alive' | 'dead' | 'closed' | 'unknown') => ({ atMs, fate });
  expect(narrowed(0, 100, [use(20, 'alive'), use(40, 'dead'), use(60, 'closed')])).toEqual([20, 40]);
  expect(narrowed(10, 100, [use(20, 'dead')])).toEqual([10, 20]);
  expect(narrowed(10, 100, [use(50, 'alive'), use(20, 'unknown')])).toEqual([50, 100]);
  // One that survived beyond one that did not is chance, not the bracket.
  expect(narrowed(0, 100, [use(20, 'dead'), use(40, 'alive')])).toEqual([0, 20]);
});

test('stagesOf() doubles up to the longest; errorOf() is 2 % or 50 ms', () => {
  expect(stagesOf(3_000)).toEqual([500, 1_000, 2_000, 3_000]);
  expect([errorOf(1_000), errorOf(60_000)]).toEqual([50, 1_200]);
});
