import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { changePoint, idleStages, isStep, type Stage } from './find-second-hop.ts';

/** @param extraOf What the first request takes longer at an idle time, ms. @param noiseMs Scatter, with an outlier now and then. */
function stages(extraOf: (idleMs: number) => number, noiseMs: number, seed = 1): Stage[] {
  const random = prng(seed, 'stages');
  return idleStages(6_300).map((idleMs) => ({
    idleMs,
    extraMs: Array.from(
      { length: 5 },
      () =>
        extraOf(idleMs) + noiseMs * (random() - 0.5) + (random() < 0.1 ? (random() - 0.5) * 4 * noiseMs : 0),
    ).sort((a, b) => a - b),
  }));
}

const step = (atMs: number, byMs: number) => (idleMs: number) => 0.3 + (idleMs > atMs ? byMs : 0);

test('changePoint() finds a step that is twice as wide as the scatter, between the stages where it lies', () => {
  const found = Array.from({ length: 50 }, (_, seed) =>
    changePoint(stages(step(1_300, 0.6), 0.3, seed)),
  ).filter((one) => one !== null);
  // The rule against slow rises costs one now and then.
  expect(found.length).toBeGreaterThanOrEqual(45);
  for (const { before, after } of found) {
    expect(before.idleMs).toBeLessThan(1_300 * 1.5);
    expect(after.idleMs).toBeGreaterThan(1_300 / 1.5);
  }
});

test('changePoint() finds nothing in noise, nor in a slow rise', () => {
  for (let seed = 1; seed <= 200; seed++) {
    expect(changePoint(stages(() => 0.3, 0.3, seed))).toBeNull();
    expect(changePoint(stages((idleMs) => 0.2 * Math.log(idleMs), 0.1, seed))).toBeNull();
  }
});

test('isStep() wants all of the later above all of the earlier, and not by nothing', () => {
  const at = (...extraMs: number[]): Stage => ({ idleMs: 1, extraMs });
  expect(isStep(at(0.1, 0.2, 0.3), at(0.4, 0.5, 0.6))).toBe(true);
  expect(isStep(at(0.1, 0.2, 0.5), at(0.4, 0.5, 0.6))).toBe(false);
  expect(isStep(at(0.1, 0.1, 0.1), at(0.11, 0.11, 0.11))).toBe(false);
  expect(isStep(at(), at(1))).toBe(false);
});

test('idleStages() stay below what the connection survives, and within patience', () => {
  expect(Math.max(...idleStages(6_300))).toBeLessThan(6_300);
  expect(idleStages(80)).toEqual([]);
  const waited = idleStages(600_000).reduce((sum, idleMs) => sum + idleMs * 5, 0);
  expect(waited).toBeLessThan(300_000);
});
