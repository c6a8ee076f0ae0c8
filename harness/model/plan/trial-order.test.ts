import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trialOrder } from './trial-order.ts';

/** Strategies and the rounds of one full square. */
const square = fc
  .record({ size: fc.integer({ min: 1, max: 9 }), seed: fc.nat(), before: fc.nat(3) })
  .map(({ size, seed, before }) => {
    const items = Array.from({ length: size }, (_, index) => `s${index}`);
    const rounds = size % 2 === 0 || size === 1 ? size : 2 * size;
    const orders = Array.from({ length: rounds }, (_, round) =>
      trialOrder(items, seed, 'main', before * rounds + round + 1),
    );
    return { items, orders };
  });

function counts(keys: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}

test('trialOrder() runs every strategy once in every round', () => {
  fc.assert(
    fc.property(square, ({ items, orders }) => {
      for (const order of orders) expect([...order].sort()).toEqual(items);
    }),
  );
});

test('trialOrder() brings every strategy equally often to every position of a square', () => {
  fc.assert(
    fc.property(square, ({ items, orders }) => {
      const found = counts(orders.flatMap((order) => order.map((item, position) => `${item}@${position}`)));
      expect(found.size).toBe(items.length ** 2);
      expect(new Set(found.values())).toEqual(new Set([orders.length / items.length]));
    }),
  );
});

test('trialOrder() has every strategy follow every other one equally often', () => {
  fc.assert(
    fc.property(square, ({ items, orders }) => {
      fc.pre(items.length > 1);
      const found = counts(
        orders.flatMap((order) => order.slice(1).map((item, index) => `${order[index]} ${item}`)),
      );
      expect(found.size).toBe(items.length * (items.length - 1));
      expect(new Set(found.values())).toEqual(new Set([orders.length / items.length]));
    }),
  );
});

test('trialOrder() has two rounds that mirror each other, one after the other', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  for (const round of [1, 3, 5, 7, 9, 11]) {
    expect(trialOrder(items, 7, 'main', round + 1)).toEqual(trialOrder(items, 7, 'main', round).reverse());
  }
});

test('trialOrder() depends on seed, scenario, and square, and on nothing else', () => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f'];
  const orders = (seed: number, scenario: string, first: number) =>
    Array.from({ length: 6 }, (_, round) => trialOrder(items, seed, scenario, first + round).join('')).join();
  expect(orders(1, 'main', 1)).toBe(orders(1, 'main', 1));
  expect(
    new Set([orders(1, 'main', 1), orders(2, 'main', 1), orders(1, 'other', 1), orders(1, 'main', 7)]).size,
  ).toBe(4);
});
