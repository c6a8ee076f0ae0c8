import { expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { nowNs, systemClock } from './clock.ts';
import { DelayLine } from './delay-line.ts';
import { PreciseTimer, waitStep } from './precise-timer.ts';

test.each([
  [-1, 0.2, { kind: 'due' }],
  [0, 0.2, { kind: 'due' }],
  [0.05, 0.2, { kind: 'turn' }],
  [0.24, 0.2, { kind: 'turn' }],
  [0.28, 0.2, { kind: 'nap', ms: 0.08 }],
  // Where naps end later, the last one ends earlier.
  [0.28, 0.4, { kind: 'turn' }],
  [1, 0.2, { kind: 'nap', ms: 0.1 }],
  [1.6, 0.6, { kind: 'nap', ms: 0.1 }],
  [1.7, 0.2, { kind: 'sleep', ms: 0 }],
  [500, 0.2, { kind: 'sleep', ms: 498 }],
])('waitStep(%d, %d) decides', (remainingMs, overshootMs, expected) => {
  const step = waitStep(remainingMs, overshootMs);
  expect(step.kind).toBe(expected.kind);
  if ('ms' in step && 'ms' in expected) expect(step.ms).toBeCloseTo(expected.ms ?? 0, 9);
});

test('waitStep() never sleeps past the deadline, and no nap ends past it with its overshoot', () => {
  for (let remainingMs = 0.01; remainingMs < 100; remainingMs += 0.037) {
    for (const overshootMs of [0.15, 0.3, 0.6]) {
      const step = waitStep(remainingMs, overshootMs);
      if (step.kind === 'sleep') expect(step.ms).toBeLessThan(remainingMs);
      if (step.kind === 'nap') expect(step.ms + overshootMs).toBeLessThanOrEqual(remainingMs + 1e-9);
    }
  }
});

test('PreciseTimer calls back once, not before its deadline, and never from within set()', async () => {
  for (const aheadMs of [-1, 0, 0.3, 2.5]) {
    const dueNs = nowNs() + aheadMs * 1e6;
    let calls = 0;
    const calledNs = await new Promise<number>((resolve) => {
      const timer = new PreciseTimer(systemClock, () => {
        calls++;
        resolve(nowNs());
      });
      timer.set(dueNs);
      expect(calls).toBe(0);
    });
    expect(calledNs).toBeGreaterThanOrEqual(dueNs);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(calls).toBe(1);
  }
});

test('PreciseTimer moves to the deadline that was set last, and forgets it on clear()', async () => {
  let calls = 0;
  const timer = new PreciseTimer(systemClock, () => calls++);
  timer.set(nowNs() + 60_000e6);
  timer.set(nowNs() + 1e6);
  await expect.poll(() => calls, { timeout: 5_000 }).toBe(1);
  timer.set(nowNs() + 1e6);
  timer.clear();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(calls).toBe(1);
});

test('DelayLine acts in the order of the deadlines, equal ones in the order they came', async () => {
  const line = new DelayLine(systemClock);
  const random = prng('delay-line');
  const startNs = nowNs() + 2e6;
  const deeds = Array.from({ length: 500 }, (_, order) => ({
    order,
    dueNs: startNs + Math.floor(random() * 20) * 1e5,
  }));
  const acted: typeof deeds = [];
  let early = 0;
  for (const deed of deeds) {
    line.add(deed.dueNs, (dueNs) => {
      if (nowNs() < dueNs) early++;
      acted.push(deed);
    });
  }
  await expect.poll(() => acted.length, { timeout: 5_000 }).toBe(500);
  expect(early).toBe(0);
  expect(acted).toEqual([...deeds].sort((a, b) => a.dueNs - b.dueNs || a.order - b.order));
});
