import { expect, test } from 'vitest';
import { prng } from '../harness/base/prng.ts';
import { trialOrder } from '../harness/model/plan/trial-order.ts';
import { orderEffect, type PlacedFigure } from './aa-order.ts';

const strategies = ['reference', 'same', 'slower'];

/** 12 repetitions of 3 rounds; noise of a few percent. */
function placed(effect: (position: number, predecessor: string | null) => number): PlacedFigure[] {
  const random = prng(1, 'aa-order');
  return Array.from({ length: 12 }, (_, repetition) => {
    let predecessor: string | null = null;
    return [1, 2, 3].flatMap((round) => {
      const shared = random();
      return trialOrder(strategies, repetition, 'aa', round).map((strategy, index) => {
        const own = strategy === 'slower' ? 0.3 : 0;
        const log = shared + own + 0.02 * random() + effect(index + 1, predecessor);
        const figure = { block: `${repetition}.${round}`, strategy, position: index + 1, predecessor, log };
        predecessor = strategy;
        return figure;
      });
    });
  }).flat();
}

test('orderEffect() sees no effect in noise, whatever differs between rounds and strategies', () => {
  const { lastOverFirst, positionP, predecessorP } = orderEffect(
    placed(() => 0),
    1,
  );
  expect(Math.abs(lastOverFirst ?? 1)).toBeLessThan(0.01);
  expect(positionP).toBeGreaterThan(0.05);
  expect(predecessorP).toBeGreaterThan(0.05);
});

test('orderEffect() sees that later trials of a round are slower', () => {
  const { lastOverFirst, positionP } = orderEffect(
    placed((position) => 0.02 * position),
    1,
  );
  expect(lastOverFirst).toBeCloseTo(0.04, 1);
  expect(positionP).toBeLessThan(0.01);
});

test('orderEffect() sees what a predecessor leaves behind', () => {
  const { predecessorP } = orderEffect(
    placed((_, predecessor) => (predecessor === 'slower' ? 0.03 : 0)),
    1,
  );
  expect(predecessorP).toBeLessThan(0.01);
});

test('orderEffect() of nothing has no estimate', () => {
  expect(orderEffect([], 1).lastOverFirst).toBeNull();
});
