import { expect, test } from 'vitest';
import { tangoInterval } from './tango-interval.ts';

test('tangoInterval() ends where the score statistic reaches the critical value', () => {
  const { estimate, low, high } = tangoInterval({ requests: 44, ownOnly: 9, referenceOnly: 1 }, 1.959964);
  expect(estimate).toBeCloseTo(8 / 44, 10);
  for (const bound of [low, high]) expect(Math.abs(scoreAt(44, 9, 1, bound ?? 0))).toBeCloseTo(1.959964, 4);
});

test('tangoInterval() without a discordant request reaches z²/(n + z²) either way', () => {
  const z = 2.5;
  const { estimate, low, high } = tangoInterval({ requests: 1_000, ownOnly: 0, referenceOnly: 0 }, z);
  expect(estimate).toBe(0);
  expect(high).toBeCloseTo(z ** 2 / (1_000 + z ** 2), 8);
  expect(low).toBeCloseTo(-(z ** 2) / (1_000 + z ** 2), 8);
});

test('tangoInterval() turns round when the sides are exchanged', () => {
  const a = tangoInterval({ requests: 500, ownOnly: 12, referenceOnly: 3 }, 2);
  const b = tangoInterval({ requests: 500, ownOnly: 3, referenceOnly: 12 }, 2);
  expect(a.low).toBeCloseTo(-(b.high ?? 0), 8);
  expect(a.high).toBeCloseTo(-(b.low ?? 0), 8);
});

test('tangoInterval() is null without requests', () => {
  expect(tangoInterval({ requests: 0, ownOnly: 0, referenceOnly: 0 }, 2).estimate).toBeNull();
});

/** The score statistic, written out a second time, with the nuisance rate found by search. */
function scoreAt(n: number, b: number, c: number, difference: number): number {
  let best = 0;
  let bestLikelihood = Number.NEGATIVE_INFINITY;
  for (let rate = Math.max(0, -difference) + 1e-9; rate < 1; rate += 1e-5) {
    const own = rate + difference;
    if (own <= 0 || own + rate >= 1) continue;
    const likelihood = b * Math.log(own) + c * Math.log(rate) + (n - b - c) * Math.log(1 - own - rate);
    if (likelihood > bestLikelihood) [best, bestLikelihood] = [rate, likelihood];
  }
  return (b - c - n * difference) / Math.sqrt(n * (2 * best + difference * (1 - difference)));
}
