import { expect, test } from 'vitest';
import type { Distribution } from '../contract/distribution.ts';
import { draw, mean } from './distribution.ts';
import { prng } from './prng.ts';

const cases: readonly { distribution: Distribution; sd: number }[] = [
  { distribution: { kind: 'fixed', value: 5 }, sd: 0 },
  { distribution: { kind: 'uniform', min: 250, max: 600 }, sd: 350 / Math.sqrt(12) },
  { distribution: { kind: 'normal', mean: 500, sd: 40 }, sd: 40 },
  {
    distribution: { kind: 'lognormal', median: 100, sigma: 0.5 },
    sd: 100 * Math.sqrt((Math.exp(0.25) - 1) * Math.exp(0.25)),
  },
  { distribution: { kind: 'exponential', mean: 30 }, sd: 30 },
  {
    distribution: {
      kind: 'mixture',
      parts: [
        { weight: 3, of: { kind: 'fixed', value: 0 } },
        { weight: 1, of: { kind: 'fixed', value: 100 } },
      ],
    },
    sd: 100 * Math.sqrt(0.25 * 0.75),
  },
];

test.each(cases)('draw() has the mean and spread of $distribution.kind', ({ distribution, sd }) => {
  const random = prng('moments', distribution.kind);
  const count = 40_000;
  const draws = Float64Array.from({ length: count }, () => draw(distribution, random));
  const average = draws.reduce((sum, value) => sum + value, 0) / count;
  const spread = Math.sqrt(draws.reduce((sum, value) => sum + (value - average) ** 2, 0) / count);
  // Five standard errors; the seed is fixed.
  expect(Math.abs(average - mean(distribution))).toBeLessThanOrEqual((5 * sd) / Math.sqrt(count) + 1e-9);
  expect(Math.abs(spread - sd)).toBeLessThanOrEqual(0.05 * sd + 1e-9);
});

test('draw() never gives a negative number', () => {
  const random = prng('clamp');
  for (let round = 0; round < 1_000; round++) {
    expect(draw({ kind: 'normal', mean: 0, sd: 10 }, random)).toBeGreaterThanOrEqual(0);
  }
});
