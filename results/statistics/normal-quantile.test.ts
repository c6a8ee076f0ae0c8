import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalQuantile } from './normal-quantile.ts';

test.each([
  [0.5, 0],
  [0.8, 0.8416212335729143],
  [0.9, 1.2815515655446004],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489004],
  [0.9995, 3.2905267314919255],
  [1e-6, -4.753424308822899],
  [1e-10, -6.361340902404056],
])('normalQuantile(%d) is the tabled %d', (p, z) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 9);
});

test('normalQuantile() is odd about one half and rises', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 0.4999, noNaN: true }), (p) => {
      expect(normalQuantile(p) + normalQuantile(1 - p)).toBeCloseTo(0, 8);
      expect(normalQuantile(p)).toBeLessThan(normalQuantile(p + 1e-4));
    }),
  );
});

test.each([0, 1, -0.1, Number.NaN])('normalQuantile(%d) is a programmer error', (p) => {
  expect(() => normalQuantile(p)).toThrow('between 0 and 1');
});
