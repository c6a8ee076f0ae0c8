import { expect, test } from 'vitest';
import { dunnettQuantile } from './dunnett-quantile.ts';
import { SimultaneousWidth } from './simultaneous-width.ts';

test('SimultaneousWidth.halfWidth is that of the widest estimate', () => {
  const pooled = { standardError: 1, degrees: 20 };
  const own = { standardError: 0.9, degrees: 4 };
  const expected = Math.max(dunnettQuantile(5, 20, 0.01), 0.9 * dunnettQuantile(5, 4, 0.01));
  expect(new SimultaneousWidth([pooled, own], 5, 0.01).halfWidth).toBeCloseTo(expected, 10);
  expect(expected).toBeGreaterThan(dunnettQuantile(5, 20, 0.01));
});

test('SimultaneousWidth.shrinkage() is the ratio of the widths, with degrees of freedom that grow with the rounds', () => {
  const width = new SimultaneousWidth([{ standardError: 1, degrees: 2 }], 5, 0.01);
  const expected = (Math.sqrt(3 / 5) * dunnettQuantile(5, 4, 0.01)) / dunnettQuantile(5, 2, 0.01);
  expect(width.shrinkage(5, 3)).toBeCloseTo(expected, 10);
  expect(width.shrinkage(3, 3)).toBe(1);
});

test('SimultaneousWidth.shrinkage() leaves borrowed degrees as they are', () => {
  const width = new SimultaneousWidth([{ standardError: 1, degrees: 2, borrowed: 4 }], 1, 0.05);
  const expected = (Math.sqrt(3 / 5) * dunnettQuantile(1, 8, 0.05)) / dunnettQuantile(1, 6, 0.05);
  expect(width.shrinkage(5, 3)).toBeCloseTo(expected, 10);
});
