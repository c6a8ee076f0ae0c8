import fc from 'fast-check';
import { expect, test } from 'vitest';
import { studentTQuantile } from './student-t-quantile.ts';
import { judge } from './verdict.ts';

test.each([
  // difference, worthwhile 0.005 (half a point)
  ['difference', -0.03, -0.035, -0.025, 0.005, 'better'],
  ['difference', 0.03, 0.025, 0.035, 0.005, 'worse'],
  ['difference', 0.001, -0.003, 0.005, 0.005, 'no-difference'],
  ['difference', 0, 0, 0, 0.005, 'no-difference'],
  ['difference', 0.01, -0.03, 0.05, 0.005, 'not-enough-data'],
  // A bound that touches zero is not wholly on one side.
  ['difference', 0.002, 0, 0.004, 0.005, 'no-difference'],
  // ratio, worthwhile 10 %
  ['ratio', 0.5, 0.4, 0.625, 0.1, 'better'],
  ['ratio', 2, 1.5, 2.6, 0.1, 'worse'],
  ['ratio', 1.01, 0.95, 1.07, 0.1, 'no-difference'],
  ['ratio', 1.1, 0.7, 1.7, 0.1, 'not-enough-data'],
  // Fell back to the plain scale, which may reach below zero.
  ['ratio', 1, -1, 3, 0.1, 'not-enough-data'],
] as const)(
  'judge() of a %s of %d (%d to %d), worthwhile %d, says %s',
  (scale, estimate, low, high, worthwhile, word) => {
    const effect = { estimate, low, high };
    const verdict = judge({ effect, scale, rounds: 3, worthwhile });
    expect(verdict).toMatchObject({ word, scale, effect, reasons: [] });
    if (word !== 'not-enough-data') expect(verdict.moreRounds).toBeNull();
  },
);

test.each([
  [null, null, null, 3, null],
  [1.2, null, null, 1, 2],
  [1.2, null, null, 5, null],
])('judge() of %d (%d to %d) after %d rounds asks for %d more', (estimate, low, high, rounds, moreRounds) => {
  expect(judge({ effect: { estimate, low, high }, scale: 'ratio', rounds, worthwhile: 0.1 })).toMatchObject({
    word: 'not-enough-data',
    moreRounds,
  });
});

test('judge() asks for just enough rounds, with t falling as they come', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 30 }),
      fc.double({ min: 1.01, max: 4, noNaN: true }),
      (rounds, factor) => {
        // On ln, where a ratio's interval is symmetric.
        const effect = { estimate: 1, low: Math.exp(-factor), high: Math.exp(factor) };
        const worthwhile = Math.expm1(1);
        const { word, moreRounds } = judge({ effect, scale: 'ratio', rounds, worthwhile });
        const halfWidthAfter = (more: number) =>
          factor *
          (studentTQuantile(0.975, rounds + more - 1) / studentTQuantile(0.975, rounds - 1)) *
          Math.sqrt(rounds / (rounds + more));
        expect(word).toBe('not-enough-data');
        expect(moreRounds).toBeGreaterThanOrEqual(1);
        expect(halfWidthAfter(moreRounds ?? 0)).toBeLessThanOrEqual(1 + 1e-9);
        if (moreRounds !== 1) expect(halfWidthAfter((moreRounds ?? 0) - 1)).toBeGreaterThan(1 - 1e-9);
      },
    ),
  );
});

test('judge() gives no number of rounds that nobody would run', () => {
  const effect = { estimate: 0, low: -1, high: 1 };
  expect(judge({ effect, scale: 'difference', rounds: 5, worthwhile: 1e-6 }).moreRounds).toBeNull();
  expect(judge({ effect, scale: 'difference', rounds: 5, worthwhile: 0 }).moreRounds).toBeNull();
});

test('judge() asks for more rounds of counts by the square of what is missing', () => {
  const judged = (effect: { estimate: number; low: number; high: number }) =>
    judge({ effect, scale: 'difference', rounds: 4, worthwhile: 0.005 });
  expect(judged({ estimate: 0, low: -0.01, high: 0.01 })).toMatchObject({
    word: 'not-enough-data',
    moreRounds: 12,
  });
  // Narrow enough, and not in the middle: a worthwhile difference is not ruled out.
  expect(judged({ estimate: 0.003, low: -0.001, high: 0.007 })).toMatchObject({ word: 'not-enough-data' });
  expect(judged({ estimate: 0.001, low: -0.002, high: 0.004 })).toMatchObject({ word: 'no-difference' });
});
