import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../harness/base/statistics/quantile.ts';
import { timesOf } from '../../harness/base/statistics/times.ts';
import { pooledQuantile } from './pooled-quantile.ts';

test('pooledQuantile() equals the quantile of the merged multiset', () => {
  const array = fc
    .array(fc.integer({ min: -20, max: 20 }), { maxLength: 30 })
    .map((integers) => Float64Array.from(integers).sort());
  const weighted = fc.array(fc.record({ values: array, weight: fc.integer({ min: 0, max: 3 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(weighted, fc.constantFrom(0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1), (parts, p) => {
      const merged = parts.flatMap(({ values, weight }) =>
        Array.from({ length: weight }, () => [...values]).flat(),
      );
      const pooled = pooledQuantile(
        parts.map(({ values }) => timesOf(values)),
        parts.map(({ weight }) => weight),
        p,
      );
      expect(pooled).toBe(quantile(Float64Array.from(merged).sort(), p));
    }),
    { numRuns: 500 },
  );
});

test('pooledQuantile() of nothing is null', () => {
  expect(pooledQuantile([], [], 0.5)).toBeNull();
  expect(pooledQuantile([timesOf(Float64Array.of(1, 2))], [0], 0.5)).toBeNull();
});
