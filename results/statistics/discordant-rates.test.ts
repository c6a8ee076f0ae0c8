import { expect, test } from 'vitest';
import { discordantRates } from './discordant-rates.ts';

const round = (requests: number, ownOnly: number, referenceOnly: number) => ({
  requests,
  ownOnly,
  referenceOnly,
});

test('discordantRates() finds a strategy that rescues what the reference loses', () => {
  const rounds = [round(1_600, 0, 45), round(1_600, 0, 47), round(1_600, 0, 44)];
  const [{ effect }] = discordantRates([rounds], 0.01);
  const { estimate, low, high } = effect;
  expect(estimate).toBeCloseTo(-136 / 4_800, 10);
  expect(high).toBeLessThan(-0.02);
  expect(low).toBeGreaterThan(-0.04);
});

test('discordantRates() takes one bad round of three for no evidence', () => {
  const bad = [round(1_600, 60, 0), round(1_600, 0, 0), round(1_600, 0, 0)];
  const [{ effect }] = discordantRates([bad], 0.05);
  const { low, high } = effect;
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0.0125);
});

test('discordantRates() is not narrowed by strategies that agree better than chance', () => {
  const steady = [round(1_600, 0, 45), round(1_600, 0, 45), round(1_600, 0, 45)];
  const bad = [round(1_600, 60, 0), round(1_600, 0, 0), round(1_600, 0, 0)];
  const [, , , { effect }] = discordantRates([steady, steady, steady, bad], 0.05);
  expect(effect.low).toBeLessThan(0);
});

test('discordantRates() gives no bounds for a single round, and nothing without requests', () => {
  expect(discordantRates([[round(100, 3, 0)]], 0.05)).toEqual([
    { effect: { estimate: 0.03, low: null, high: null }, width: null },
  ]);
  expect(discordantRates([[]], 0.05)).toEqual([
    { effect: { estimate: null, low: null, high: null }, width: null },
  ]);
});
