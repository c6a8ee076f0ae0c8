import { expect, test } from 'vitest';
import { prng } from '../../harness/base/prng.ts';
import { blockEffects } from './block-model.ts';
import { dunnettQuantile } from './dunnett-quantile.ts';

const none = (figures: readonly Float64Array[]) => figures.map((row) => new Float64Array(row.length));
const rows = (...lines: number[][]) => lines.map((line) => Float64Array.from(line));

test('blockEffects() removes what a round does to all strategies', () => {
  const figures = rows([1, 1.5, 0.9], [2, 2.5, 1.9], [7, 7.5, 6.9]);
  const [a, b] = blockEffects({ figures, steps: none(figures), level: 0.05 });
  expect(a?.estimate).toBeCloseTo(0.5, 10);
  expect(b?.estimate).toBeCloseTo(-0.1, 10);
  expect(a?.width?.halfWidth).toBeCloseTo(0, 8);
});

test('blockEffects() of two strategies is the paired t interval', () => {
  const figures = rows([0, 0.1], [0, 0.3], [0, 0.2], [0, 0.5]);
  const [effect] = blockEffects({ figures, steps: none(figures), level: 0.05 });
  const mean = 0.275;
  const sd = Math.sqrt([0.1, 0.3, 0.2, 0.5].reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
  expect(effect?.estimate).toBeCloseTo(mean, 10);
  expect(effect?.width?.halfWidth).toBeCloseTo((dunnettQuantile(1, 3, 0.05) * sd) / 2, 6);
});

test('blockEffects() has (K − 1)(S − 1) degrees of freedom where strategies are equally noisy', () => {
  const random = prng(3, 'block');
  const figures = Array.from({ length: 40 }, () => Float64Array.from({ length: 5 }, () => random()));
  const [effect] = blockEffects({ figures, steps: none(figures), level: 0.05 });
  // Uniform noise: variance 1/12, and the interval's own-variance part widens it by a few percent.
  const expected = dunnettQuantile(4, 39 * 4, 0.05) * Math.sqrt(2 / 12 / 40);
  expect((effect?.width?.halfWidth ?? 0) / expected).toBeGreaterThan(0.85);
  expect((effect?.width?.halfWidth ?? 0) / expected).toBeLessThan(1.3);
});

test('blockEffects() estimates by least squares where a cell is missing, and keeps the round for the others', () => {
  const figures = rows([0, 1, 2], [10, Number.NaN, 12], [20, 21, 22]);
  const [a, b] = blockEffects({ figures, steps: none(figures), level: 0.05 });
  expect(a?.estimate).toBeCloseTo(1, 10);
  expect(b?.estimate).toBeCloseTo(2, 10);
});

test('blockEffects() gives no interval for one round and null for what has no figure', () => {
  const figures = rows([0, 1, Number.NaN]);
  expect(blockEffects({ figures, steps: none(figures), level: 0.05 })).toEqual([
    { estimate: 1, width: null },
    null,
  ]);
});

test('blockEffects() copes with a reference that ran once, beside one strategy that is far noisier than the others', () => {
  const figures = rows(
    [0.025, 0.031, 0.006, 0.049, -0.03, -0.006],
    [Number.NaN, 0.023, -0.001, 0.04, 0.062, -0.049],
  );
  const effects = blockEffects({ figures, steps: none(figures), level: 0.01 });
  for (const effect of effects) {
    expect(effect?.width?.halfWidth).toBeGreaterThan(0.1);
    expect(effect?.width?.halfWidth).toBeLessThan(Number.POSITIVE_INFINITY);
  }
});

test('blockEffects() widens the interval of a strategy that is noisier than the others', () => {
  const random = prng(4, 'block');
  const figures = Array.from({ length: 10 }, () =>
    Float64Array.from({ length: 6 }, (_, s) => (s === 1 ? 10 : 1) * (random() - 0.5)),
  );
  const [noisy, calm] = blockEffects({ figures, steps: none(figures), level: 0.05 });
  expect(noisy?.width?.halfWidth ?? 0).toBeGreaterThan(1.2 * (calm?.width?.halfWidth ?? 0));
});

test('blockEffects() does not take one count against none for a difference', () => {
  // 1 connection against 0 in each of three rounds, half a connection added to both.
  const figures = rows(...[1, 2, 3].map(() => [Math.log(0.5), Math.log(1.5)]));
  const steps = rows(...[1, 2, 3].map(() => [1 / 0.5, 1 / 1.5]));
  const [effect] = blockEffects({ figures, steps, level: 0.05 });
  expect(effect?.width?.halfWidth ?? 0).toBeGreaterThan(Math.log(3));
});

test('blockEffects() leaves a strategy of another order of noise out of what the others share', () => {
  const random = prng(5, 'block');
  const figures = Array.from({ length: 5 }, (_, round) =>
    Float64Array.from({ length: 6 }, (_, s) => (s === 1 ? (round === 2 ? 3 : -1) : 0.02 * (random() - 0.5))),
  );
  const [wild, ...calm] = blockEffects({ figures, steps: none(figures), level: 0.01 });
  for (const effect of calm) expect(effect?.width?.halfWidth ?? 9).toBeLessThan(0.2);
  expect(wild?.width?.halfWidth ?? 0).toBeGreaterThan(2);
});

test('blockEffects() has nothing to say of strategies that never shared a round with the reference', () => {
  const gap = Number.NaN;
  const figures = rows([gap, 1, 2, gap], [5, gap, gap, 6], [gap, 1.5, 2.5, gap]);
  const effects = blockEffects({ figures, steps: none(figures), level: 0.05 });
  expect(effects.map((effect) => effect?.estimate ?? null)).toEqual([null, null, 1]);
});
