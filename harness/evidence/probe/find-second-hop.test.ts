import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prng } from '../../base/prng.ts';
import { findSecondHop, isStep, reachOf, type Stage } from './find-second-hop.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** @param extraOf How much longer the first request takes after an idle time, ms. @param noiseMs Scatter of each request. */
async function find(
  extraOf: (idleMs: number) => number,
  noiseMs: number,
  frontMs: number,
  seed = 1,
  statusOf: (idleMs: number) => number = () => 200,
) {
  const random = prng(seed, 'hop');
  let lastMs = performance.now();
  let requests = 0;
  const startMs = lastMs;
  const finding = findSecondHop({
    async request() {
      requests++;
      const idleMs = performance.now() - lastMs;
      lastMs = performance.now();
      const outlier = random() < 0.02 ? 10 * noiseMs : 0;
      const tookMs = 1 + noiseMs * random() + outlier + (idleMs > 0 ? extraOf(idleMs) : 0);
      return { status: statusOf(idleMs), tookMs };
    },
    ...{ frontMs, longestMs: 90_000, signs: [], signal: new AbortController().signal },
    onProgress() {},
  });
  await vi.runAllTimersAsync();
  return { ...(await finding), tookMs: performance.now() - startMs, requests };
}

const stepAt = (atMs: number, byMs: number) => (idleMs: number) => (idleMs > atMs ? byMs : 0);

test('findSecondHop() finds a step that is wider than the scatter, up to the right bound', async () => {
  for (const atMs of [700, 1_300, 6_000, 10_000]) {
    for (let seed = 0; seed < 10; seed++) {
      const { says, timeoutMs, errorMs, requests } = await find(stepAt(atMs, 2), 0.3, 12_000, seed);
      expect(says).toBe('seen');
      expect(Math.abs((timeoutMs ?? 0) - atMs)).toBeLessThanOrEqual(errorMs ?? 0);
      expect(requests).toBeLessThanOrEqual(140);
    }
  }
});

test('findSecondHop() rarely sees one in noise, never in a slow rise, and then takes about the timeout', async () => {
  let seen = 0;
  const tookMs: number[] = [];
  for (let seed = 1; seed <= 100; seed++) {
    const noise = await find(() => 0, 0.3, 6_000, seed);
    if (noise.says === 'seen') seen++;
    tookMs.push(noise.tookMs);
    const slow = await find((idleMs) => 0.2 * Math.log(idleMs), 0.1, 6_000, seed);
    expect(slow.says).toBe('not-seen');
  }
  expect(seen).toBeLessThanOrEqual(1);
  expect(tookMs.sort((a, b) => a - b)[50]).toBeLessThan(1.2 * 6_000);
});

test('findSecondHop() takes a 502 for a sign only where the requests right after it are answered', async () => {
  const afterIdleness = await find(
    () => 0,
    0.1,
    12_000,
    1,
    (idleMs) => (idleMs > 1_000 ? 502 : 200),
  );
  expect(afterIdleness).toMatchObject({ says: 'seen', badGatewaysAtMs: [10_800] });
  const always = await find(
    () => 0,
    0.1,
    12_000,
    1,
    () => 503,
  );
  expect(always).toMatchObject({ says: 'not-seen', badGatewaysAtMs: [] });
});

test('findSecondHop() says up to which idle time it looked, and why no further', async () => {
  const { upToMs, why } = await find(() => 0, 0.1, 12_000);
  expect(upToMs).toBe(10_800);
  expect(why).toContain(
    'looked up to an idle time of 10.8 s, because the server itself closes soon after that',
  );
  expect(reachOf({ frontMs: null, longestMs: 10_000 })).toMatchObject({ upToMs: 9_000 });
  expect(reachOf({ frontMs: 600_000, longestMs: 900_000 }).because).toContain('more than a minute');
  expect((await find(() => 0, 0.1, 100)).says).toBe('cannot-tell');
});

test('isStep() requires all of the later above all of the earlier, by more than nothing', () => {
  const at = (...extraMs: number[]): Stage => ({ idleMs: 1, extraMs });
  expect(isStep(at(0.1, 0.2, 0.3), at(0.4, 0.5, 0.6))).toBe(true);
  expect(isStep(at(0.1, 0.2, 0.5), at(0.4, 0.5, 0.6))).toBe(false);
  expect(isStep(at(0.1, 0.1, 0.1), at(0.11, 0.11, 0.11))).toBe(false);
  expect(isStep(at(), at(1))).toBe(false);
  // Of six samples one may be an outlier.
  expect(isStep(at(0.1, 0.1, 0.1, 0.1, 0.1, 9), at(0.05, 1, 1, 1, 1, 1))).toBe(true);
  expect(isStep(at(0.1, 0.1, 0.1, 0.1, 9, 9), at(1, 1, 1, 1, 1, 1))).toBe(false);
});
