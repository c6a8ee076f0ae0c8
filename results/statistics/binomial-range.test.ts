import { expect, test } from 'vitest';
import { binomialRange } from './binomial-range.ts';

test.each([
  // Ten coins: P(0) = 0.00098, P(≤ 1) = 0.0107, P(≤ 2) = 0.0547.
  { trials: 10, p: 0.5, tail: 0.025, least: 2, most: 8 },
  { trials: 10, p: 0.5, tail: 0.0005, least: 0, most: 10 },
  { trials: 10, p: 0.5, tail: 0.001, least: 1, most: 9 },
  // 0.9^100 = 2.7e-5.
  { trials: 100, p: 0.1, tail: 2e-5, least: 0, most: 24 },
  { trials: 50, p: 0, tail: 0.001, least: 0, most: 0 },
  { trials: 50, p: 1, tail: 0.001, least: 50, most: 50 },
  { trials: 0, p: 0.3, tail: 0.001, least: 0, most: 0 },
])('binomialRange() of $trials at $p', ({ trials, p, tail, least, most }) => {
  expect(binomialRange(trials, p, p, tail)).toEqual({ least, most });
});

test('binomialRange() takes each end from the probability that makes it wider', () => {
  const { least } = binomialRange(80, 0.3, 0.3, 1e-4);
  const { most } = binomialRange(80, 0.6, 0.6, 1e-4);
  expect(binomialRange(80, 0.3, 0.6, 1e-4)).toEqual({ least, most });
});

test('binomialRange() cuts off no more than it says, and not a count less', () => {
  const density = (n: number, k: number, p: number) => {
    let product = 1;
    for (let i = 0; i < k; i++) product *= (((n - i) / (i + 1)) * p) / (1 - p);
    return product * (1 - p) ** n;
  };
  for (const p of [0.01, 0.2, 0.5, 0.93]) {
    const { least, most } = binomialRange(60, p, p, 0.001);
    const sum = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, step) => density(60, from + step, p)).reduce(
        (a, b) => a + b,
        0,
      );
    if (least > 0) expect(sum(0, least - 1)).toBeLessThanOrEqual(0.001);
    expect(sum(0, least)).toBeGreaterThan(0.001);
    if (most < 60) expect(sum(most + 1, 60)).toBeLessThanOrEqual(0.001);
    expect(sum(most, 60)).toBeGreaterThan(0.001);
  }
});
