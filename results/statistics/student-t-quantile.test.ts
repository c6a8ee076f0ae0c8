import { expect, test } from 'vitest';
import { normalQuantile } from './normal-quantile.ts';
import { studentTQuantile } from './student-t-quantile.ts';

test.each([
  [0.975, 1, 12.7062047],
  [0.975, 2, 4.3026527],
  [0.975, 3, 3.1824463],
  [0.975, 4, 2.7764451],
  [0.975, 5, 2.5705818],
  [0.975, 9, 2.2621572],
  [0.975, 10, 2.2281389],
  [0.975, 29, 2.0452296],
  [0.975, 30, 2.0422725],
  [0.95, 7, 1.8945786],
  [0.995, 2, 9.9248432],
])('studentTQuantile(%d, %d) is the tabled %d', (p, degreesOfFreedom, t) => {
  expect(studentTQuantile(p, degreesOfFreedom)).toBeCloseTo(t, 6);
});

test('studentTQuantile() agrees with the closed forms of one and two degrees of freedom', () => {
  for (const p of [0.001, 0.02, 0.3, 0.5, 0.6, 0.9, 0.999]) {
    expect(studentTQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 6);
    expect(studentTQuantile(p, 2)).toBeCloseTo((2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 6);
  }
});

test('studentTQuantile() falls with the degrees of freedom towards the normal', () => {
  let last = Number.POSITIVE_INFINITY;
  for (const degreesOfFreedom of [1, 2, 3, 4, 5, 8, 13, 50, 200, 1000]) {
    const t = studentTQuantile(0.975, degreesOfFreedom);
    expect(t).toBeLessThan(last);
    last = t;
  }
  expect(last - normalQuantile(0.975)).toBeGreaterThan(0);
  expect(last - normalQuantile(0.975)).toBeLessThan(0.003);
});

test.each([
  [0, 3],
  [1, 3],
  [0.9, 0],
  [0.9, 1.5],
])('studentTQuantile(%d, %d) is a programmer error', (p, degreesOfFreedom) => {
  expect(() => studentTQuantile(p, degreesOfFreedom)).toThrow('studentTQuantile()');
});
