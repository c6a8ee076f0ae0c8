import { expect, test } from 'vitest';
import type { RateEstimate } from '../harness/contract/summary.ts';
import { notAvailable } from './format.ts';
import { rateText, zeroBoundsText } from './rate-text.ts';

const rate = (estimate: number | null, low: number | null, high: number | null): RateEstimate => ({
  estimate,
  low,
  high,
  none: null,
});
const zero = (requests: number, rounds: number): RateEstimate => ({
  ...rate(0, 0, 3 / requests),
  none: { requests, rounds, badRoundShareHigh: 1 - 0.05 ** (1 / rounds) },
});

test.each([
  [rate(0.029, 0.025, 0.034), '2.9 % (95 % CI 2.5–3.4 %)'],
  [rate(0.029, null, null), '2.9 %'],
  [rate(null, null, null), notAvailable],
  [zero(8_000, 5), '0 of 8,000'],
])('rateText() of %j', (given, text) => {
  expect(rateText(given)).toBe(text);
});

test('zeroBoundsText() gives the bound of rounds, and that of requests with what it assumes', () => {
  expect(zeroBoundsText([zero(8_000, 5)], 'failure')).toBe(
    'at most 45 % of rounds contain a failure and, if failures are independent, fewer than 0.037 % of requests fail (95 % confidence)',
  );
});

test('zeroBoundsText() of several zeros holds for each of them', () => {
  const text = zeroBoundsText([zero(8_000, 5), zero(3_000, 3), rate(0.1, 0.05, 0.2)], 'race');
  expect(text).toContain('at most 63 % of rounds contain a race');
  expect(text).toContain('fewer than 0.1 % of requests race');
});

test('zeroBoundsText() is null without a zero', () => {
  expect(zeroBoundsText([rate(0.1, 0.05, 0.2)], 'failure')).toBeNull();
});
