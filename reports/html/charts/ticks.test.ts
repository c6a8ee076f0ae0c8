import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ticksUpTo, tickText } from './ticks.ts';

test.each([
  [4.4, 3, 1, [0, 2, 4]],
  [1_130, 3, 1, [0, 500, 1_000]],
  [0.034, 3, 0.01, [0, 0.02]],
  [0, 3, 1, [0]],
  [Number.NaN, 3, 1, [0]],
])('ticksUpTo(%d, %i, %d) is round in the shown unit', (max, count, unit, ticks) => {
  expect(ticksUpTo(max, count, unit)).toEqual(ticks);
});

test('ticksUpTo() begins at zero, ascends and stays below the largest value', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
      fc.integer({ min: 1, max: 8 }),
      (max, count) => {
        const ticks = ticksUpTo(max, count);
        expect(ticks[0]).toBe(0);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        for (const [index, tick] of ticks.entries()) {
          expect(tick).toBeLessThanOrEqual(max * (1 + 1e-6));
          if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1]);
        }
      },
    ),
  );
});

test('tickText() has no trailing zeros and sets thousands apart', () => {
  expect(tickText(52_428_800, 2 ** 20)).toBe('50');
  expect(tickText(0.005, 0.01)).toBe('0.5');
  expect(tickText(12_000, 1)).toBe('12,000');
});
