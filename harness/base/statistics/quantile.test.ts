import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from './quantile.ts';

const oneTo = (count: number) => Float64Array.from({ length: count }, (_, index) => index + 1);

test.each([
  [100, 0, 1],
  [100, 0.5, 50],
  [100, 0.07, 7],
  [100, 0.99, 99],
  [100, 0.991, 100],
  [1000, 0.999, 999],
  [101, 0.5, 51],
  [3, 0.5, 2],
  [1, 0.5, 1],
  [7, 1, 7],
])('quantile() of 1 … %d at %d is %d', (count, p, expected) => {
  expect(quantile(oneTo(count), p)).toBe(expected);
});

test('quantile() is the smallest value with at least p of the samples at or below', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 1000 }), (integers, permille) => {
      const value = quantile(Float64Array.from(integers).sort(), permille / 1000) ?? Number.NaN;
      const atOrBelow = integers.filter((other) => other <= value).length;
      const below = integers.filter((other) => other < value).length;
      expect(atOrBelow * 1000).toBeGreaterThanOrEqual(permille * integers.length);
      expect(below * 1000).toBeLessThan(permille * integers.length);
    }),
  );
});

test('quantile() of nothing is null, and a p beyond 1 is a programmer error', () => {
  expect(quantile(new Float64Array(0), 0.5)).toBeNull();
  expect(() => quantile(oneTo(3), 50)).toThrow('between 0 and 1');
});
