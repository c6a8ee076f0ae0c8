import { expect, test } from 'vitest';
import { newcombeDifference } from './newcombe-difference.ts';
import { wilsonInterval } from './wilson-interval.ts';

// Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [10, 10, 0, 20, 0.6791, 1],
  [0, 10, 0, 20, -0.1611, 0.2775],
])('newcombeDifference() of %d/%d and %d/%d is the published %d to %d', (f1, n1, f2, n2, low, high) => {
  const difference = newcombeDifference(wilsonInterval(f1, n1), wilsonInterval(f2, n2));
  expect(difference.estimate).toBeCloseTo(f1 / n1 - f2 / n2, 12);
  expect(difference.low).toBeCloseTo(low, 4);
  expect(difference.high).toBeCloseTo(high, 4);
});

test('newcombeDifference() changes sign with the order of its arguments', () => {
  const a = wilsonInterval(30, 1000);
  const b = wilsonInterval(5, 900);
  const there = newcombeDifference(a, b);
  const back = newcombeDifference(b, a);
  expect(back.low).toBeCloseTo(-(there.high ?? 0), 12);
  expect(back.high).toBeCloseTo(-(there.low ?? 0), 12);
});

test('newcombeDifference() says what it can where a bound is unknown', () => {
  const known = wilsonInterval(3, 10);
  const pointOnly = { estimate: 0.1, low: null, high: null };
  const unknown = { estimate: null, low: null, high: null };
  expect(newcombeDifference(known, pointOnly)).toEqual({
    estimate: expect.closeTo(0.2, 12),
    low: null,
    high: null,
  });
  expect(newcombeDifference(unknown, known)).toEqual(unknown);
});
