import { expect, test } from 'vitest';
import { dunnettQuantile } from './dunnett-quantile.ts';
import { normalQuantile } from './normal-quantile.ts';
import { studentTQuantile } from './student-t-quantile.ts';

test('dunnettQuantile() equals published tables of the two-sided 5 % value (Dunnett 1964, table 1)', () => {
  expect(dunnettQuantile(5, 20, 0.05)).toBeCloseTo(2.73, 2);
  expect(dunnettQuantile(2, 5, 0.05)).toBeCloseTo(3.03, 2);
  expect(dunnettQuantile(3, 10, 0.05)).toBeCloseTo(2.76, 1);
  expect(dunnettQuantile(9, 60, 0.05)).toBeCloseTo(2.75, 1);
});

test.each([1, 2, 4, 19])(
  'dunnettQuantile() of one comparison is Student’s t with %i degrees of freedom',
  (df) => {
    expect(dunnettQuantile(1, df, 0.05) / studentTQuantile(0.975, df)).toBeCloseTo(1, 3);
    expect(dunnettQuantile(1, df, 0.001) / studentTQuantile(0.9995, df)).toBeCloseTo(1, 3);
  },
);

test('dunnettQuantile() of one comparison and a known variance is the normal quantile', () => {
  expect(dunnettQuantile(1, Number.POSITIVE_INFINITY, 0.01)).toBeCloseTo(normalQuantile(0.995), 4);
});

test('dunnettQuantile() grows with comparisons and falls with degrees of freedom', () => {
  expect(dunnettQuantile(6, 10, 0.05)).toBeGreaterThan(dunnettQuantile(5, 10, 0.05));
  expect(dunnettQuantile(5, 11, 0.05)).toBeLessThan(dunnettQuantile(5, 10, 0.05));
});
