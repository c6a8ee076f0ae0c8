import { expect, test } from 'vitest';
import { formerRateDifference, formerRatio } from './former-intervals.ts';

const pair = (own: number, reference: number) => ({
  own: { failed: own, started: 1_600 },
  reference: { failed: reference, started: 1_600 },
});

test('formerRateDifference() took failures that the plan decides for independent', () => {
  const { estimate, low, high } = formerRateDifference([pair(41, 40), pair(39, 38), pair(36, 37)]);
  expect(estimate).toBeCloseTo(1 / 4_800, 10);
  // Newcombe: about 1.96 · √(2 · 0.024 · 0.976 / 4,800).
  expect(((high ?? 0) - (low ?? 0)) / 2).toBeCloseTo(1.96 * Math.sqrt((2 * 0.024 * 0.976) / 4_800), 3);
});

test('formerRateDifference() took one bad round of three for no evidence', () => {
  expect(formerRateDifference([pair(60, 0), pair(0, 0), pair(0, 0)]).low).toBeLessThan(0);
});

test("formerRatio() is Student's interval of the rounds' log ratios", () => {
  const { estimate, low, high } = formerRatio([
    { own: 11, reference: 10 },
    { own: 12, reference: 10 },
    { own: 13, reference: 10 },
  ]);
  const logs = [1.1, 1.2, 1.3].map(Math.log);
  const mean = (logs[0] + logs[1] + logs[2]) / 3;
  const sd = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 2);
  expect(estimate).toBeCloseTo(Math.exp(mean), 10);
  expect(high).toBeCloseTo(Math.exp(mean + (4.302_65 * sd) / Math.sqrt(3)), 4);
  expect(low).toBeCloseTo(Math.exp(mean - (4.302_65 * sd) / Math.sqrt(3)), 4);
});
