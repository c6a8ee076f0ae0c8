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

test('discordantRates() does not blur one strategy because another had an outage', () => {
  const rescues = [52, 60, 68, 60, 60].map((lost) => round(2_000, 0, lost));
  const outage = rescues.map((one, index) => (index === 1 ? { ...one, ownOnly: 200 } : one));
  const [alone] = discordantRates([rescues, rescues], 0.01);
  const [beside, broken] = discordantRates([rescues, outage], 0.01);
  const widthOf = ({ effect: { low, high } }: typeof alone) => (high ?? Number.NaN) - (low ?? Number.NaN);
  expect(beside.effect.high).toBeLessThan(-0.02);
  expect(widthOf(beside)).toBeLessThan(2 * widthOf(alone));
  // Its own rounds are all there is to go by.
  expect(broken.effect.low).toBeLessThan(-0.1);
  expect(broken.effect.high).toBeGreaterThan(0.1);
  // Two rounds cannot tell an outage from what all strategies are like.
  const two = discordantRates([rescues.slice(0, 2), outage.slice(0, 2)], 0.01);
  expect(two[0].effect.high).toBeGreaterThan(0);
});

test('discordantRates() gives no bounds for a single round, and nothing without requests', () => {
  expect(discordantRates([[round(100, 3, 0)]], 0.05)).toEqual([
    { effect: { estimate: 0.03, low: null, high: null }, width: null },
  ]);
  expect(discordantRates([[]], 0.05)).toEqual([
    { effect: { estimate: null, low: null, high: null }, width: null },
  ]);
});
