import { expect, test } from 'vitest';
import { prng, shuffled } from './prng.ts';

test('prng() repeats itself for the same parts and differs for others', () => {
  const draws = (...parts: (string | number)[]) => {
    const random = prng(...parts);
    return Array.from({ length: 8 }, random);
  };
  expect(draws(1, 'gaps', 2)).toEqual(draws(1, 'gaps', 2));
  expect(draws(1, 'gaps', 2)).not.toEqual(draws(1, 'gaps', 3));
  expect(draws(1, 'gaps', 2)).not.toEqual(draws(2, 'gaps', 2));
});

// Computed with the SHA-256 of `node:crypto`.
test.each([
  { parts: [1, 'gaps', 2], first: [0.0712807618547231, 0.42969641042873263, 0.4711822923272848] },
  { parts: [0, 'ü🦊'], first: [0.02540007303468883, 0.3038888485170901, 0.9638729235157371] },
])('prng($parts) draws the numbers that it always drew', ({ parts, first }) => {
  const random = prng(...parts);
  expect(first.map(random)).toEqual(first);
});

test('prng() is uniform over [0, 1)', () => {
  const random = prng('uniform');
  const bins = new Uint32Array(20);
  const draws = 100_000;
  for (let draw = 0; draw < draws; draw++) bins[Math.floor(random() * 20)]++;
  const expected = draws / 20;
  const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 19 degrees of freedom: 43.8 is the 99.9th percentile; the seed is fixed, so this cannot flake.
  expect(chiSquare).toBeLessThan(43.8);
});

test('shuffled() keeps every item once and gives every order its share', () => {
  const random = prng('shuffle');
  const seen = new Map<string, number>();
  for (let round = 0; round < 6_000; round++) {
    const order = shuffled(['a', 'b', 'c'], random).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
