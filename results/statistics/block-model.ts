/**
 * Strategies compared with a reference in a randomized complete block design: rounds are blocks, strategies are
 * treatments, one figure per cell, on the log scale (RMIT: Abedi and Brecht, ICPE 2017).
 *
 * y[r,s] = block[r] + effect[s] + e[r,s], fitted by least squares, so that a missing cell costs that cell and not
 * its round. The residual variance is pooled over all cells: (K−1)(S−1) degrees of freedom where a paired t-test
 * has K−1. Intervals are simultaneous over the strategies, by Dunnett's critical value.
 *
 * Pooling assumes that all strategies are equally noisy. Where they are not, the intervals are too narrow, so each strategy's
 * own variance is estimated as well (Grubbs 1948), shrunk toward the pooled one with the weight of one degree of
 * freedom (the idea of Smyth 2004), with Satterthwaite's degrees of freedom, and the wider interval counts. A strategy
 * whose variance is of another order (a count near zero on the log scale) is left out of the pool, because it would widen the
 * intervals of all others. Its intervals use only its variance.
 * `npm run coverage` prints the effect of this on width and coverage.
 */
import { invertSymmetric } from './invert-symmetric.ts';
import { SimultaneousWidth, type VarianceEstimate } from './simultaneous-width.ts';

/** A difference from the reference, with what its interval is made of; null where it cannot be estimated. */
export interface BlockEffect {
  readonly estimate: number;
  /** Of the simultaneous interval; null with a single round. */
  readonly width: SimultaneousWidth | null;
}

export interface BlockInput {
  /** One row per round, one column per strategy, the reference first; NaN: no figure. */
  readonly figures: readonly Float64Array[];
  /** Standard deviation that each cell has at least: the step in which it is counted. The figures' own shape. */
  readonly steps: readonly Float64Array[];
  /** Probability that any of the intervals misses. */
  readonly level: number;
}

/** Weight of the pooled variance in each strategy's own, in degrees of freedom. It earns none: those are the data's. */
const priorDegrees = 1;

/** Own variance above this many times that of all others together: not of the pool. F(2, 8) exceeds 18.5 once in 1,000. */
export const apartRatio = 20;

/** @returns One effect for each strategy but the reference, in order; null where it never ran beside it. */
export function blockEffects({ figures, steps, level }: BlockInput): (BlockEffect | null)[] {
  const strategies = figures[0]?.length ?? 0;
  const linked = linkedToReference(figures, strategies);
  const columns = [...linked.keys()].filter((s) => linked[s]);
  if (columns.length < 2) return Array.from({ length: Math.max(0, strategies - 1) }, () => null);
  const rows = figures.filter((row) => columns.filter((s) => !Number.isNaN(row[s])).length >= 2);
  const fit = fitBlocks(rows, columns, strategies);
  const spread = spreadOf(rows, columns, fit.effects);
  return linked.slice(1).map((isLinked, index) => {
    if (!isLinked) return null;
    const strategy = index + 1;
    const estimate = fit.effects[strategy] - fit.effects[0];
    const variance = contrastVariance(spread, strategy);
    if (variance === null) return { estimate, width: null };
    const floor = stepVariance(steps, figures, strategy);
    const estimates = variance.map(({ perUnit, degrees }): VarianceEstimate => {
      return { standardError: Math.sqrt(Math.max(perUnit * fit.unit[strategy], floor)), degrees };
    });
    return { estimate, width: new SimultaneousWidth(estimates, columns.length - 1, level) };
  });
}

/** Strategies that shared a round with the reference, or with one that did: only their effects can be told. */
function linkedToReference(figures: readonly Float64Array[], strategies: number): boolean[] {
  const linked = Array.from({ length: strategies }, (_, s) => s === 0);
  // Each pass links at least one strategy more, or is the last.
  for (let pass = 0; pass < strategies; pass++) {
    for (const row of figures) {
      const here = [...row.keys()].filter((s) => !Number.isNaN(row[s]));
      if (here.some((s) => linked[s])) for (const s of here) linked[s] = true;
    }
  }
  const ran = figures.some((row) => !Number.isNaN(row[0]));
  return linked.map((is) => is && ran);
}

interface Fit {
  readonly effects: Float64Array;
  /** Var(effect − reference's) for a residual variance of 1. */
  readonly unit: Float64Array;
}

/** Least squares with blocks eliminated: C·effect = q, the reduced normal equations of an incomplete block design. */
function fitBlocks(rows: readonly Float64Array[], columns: readonly number[], strategies: number): Fit {
  const size = columns.length;
  const normal = Array.from({ length: size }, () => new Float64Array(size));
  const right = new Float64Array(size);
  for (const row of rows) {
    const here = columns.flatMap((s, i) => (Number.isNaN(row[s]) ? [] : [i]));
    const mean = here.reduce((sum, i) => sum + row[columns[i]], 0) / here.length;
    for (const i of here) {
      right[i] += row[columns[i]] - mean;
      normal[i][i] += 1;
      for (const j of here) normal[i][j] -= 1 / here.length;
    }
  }
  // The effects are known up to a constant: fixed by Σ effect = 0, which a matrix of ones adds to C.
  const inverse = invertSymmetric(normal.map((row) => row.map((value) => value + 1 / size)));
  const effects = new Float64Array(strategies).fill(Number.NaN);
  const unit = new Float64Array(strategies).fill(Number.NaN);
  for (const [i, s] of columns.entries()) {
    effects[s] = inverse[i].reduce((sum, value, j) => sum + value * right[j], 0);
    unit[s] = inverse[i][i] + inverse[0][0] - 2 * inverse[i][0];
  }
  return { effects, unit };
}

interface Spread {
  /** Residual variance over all strategies but those apart; NaN without degrees of freedom. */
  readonly pooled: number;
  readonly degrees: number;
  /** Each strategy's own variance; NaN where it cannot be told from the others'. */
  readonly own: Float64Array;
  readonly ownDegrees: Float64Array;
  readonly apart: ReadonlySet<number>;
}

function spreadOf(rows: readonly Float64Array[], columns: readonly number[], effects: Float64Array): Spread {
  const apart = new Set<number>();
  let pool = columns;
  let spread = residuals(rows, pool, effects);
  while (pool.length > 3) {
    const { own, ownDegrees } = spread;
    const noisiest = pool.reduce((most, s) => (own[s] > own[most] ? s : most));
    const others = pool.filter((s) => s !== noisiest);
    // Without it, the blocks of the others are no longer estimated through its noise.
    const rest = residuals(rows, others, effects);
    if (!(own[noisiest] > apartRatio * rest.pooled)) break;
    apart.add(noisiest);
    for (const s of apart) [rest.own[s], rest.ownDegrees[s]] = [own[s], ownDegrees[s]];
    [pool, spread] = [others, rest];
  }
  return { ...spread, apart };
}

function residuals(
  rows: readonly Float64Array[],
  columns: readonly number[],
  effects: Float64Array,
): Omit<Spread, 'apart'> {
  const squares = new Float64Array(effects.length);
  const counts = new Float64Array(effects.length);
  let degrees = 1 - columns.length;
  for (const row of rows) {
    const here = columns.filter((s) => !Number.isNaN(row[s]));
    if (here.length === 0) continue;
    degrees += here.length - 1;
    const block = here.reduce((sum, s) => sum + row[s] - effects[s], 0) / here.length;
    for (const s of here) {
      squares[s] += (row[s] - effects[s] - block) ** 2;
      counts[s]++;
    }
  }
  const total = squares.reduce((sum, value) => sum + value, 0);
  const pooled = degrees > 0 ? total / degrees : Number.NaN;
  const size = columns.length;
  // Grubbs' estimator: the variance of a strategy's residuals is (1 − 2/S) of its variance plus 1/S of the mean variance.
  const own = squares.map((value, s) =>
    counts[s] < 2 ? 0 : Math.max(0, (size / (size - 2)) * (value / (counts[s] - 1) - pooled / size)),
  );
  return { pooled, degrees, own, ownDegrees: counts.map((count) => Math.max(0, count - 1)) };
}

/** Variances of a contrast per unit of `fit.unit`, each with its degrees of freedom: pooled, and the strategies' own. */
function contrastVariance(spread: Spread, strategy: number): { perUnit: number; degrees: number }[] | null {
  const { pooled, degrees, own, ownDegrees, apart } = spread;
  if (!(degrees > 0)) return null;
  const ofPool = { perUnit: pooled, degrees };
  // With two strategies their variances cannot be told apart, and a paired comparison needs only their sum.
  if (!Number.isFinite(own[strategy]) || !Number.isFinite(own[0])) return [ofPool];
  const shrunk = (s: number) => {
    const prior = apart.has(s) ? 0 : priorDegrees;
    return (prior * pooled + ownDegrees[s] * own[s]) / (prior + ownDegrees[s]);
  };
  const [a, b] = [shrunk(strategy), shrunk(0)];
  if (a + b === 0) return [ofPool];
  const squareOver = (variance: number, of: number) => (variance === 0 ? 0 : variance ** 2 / of);
  const satterthwaite = (a + b) ** 2 / (squareOver(a, ownDegrees[strategy]) + squareOver(b, ownDegrees[0]));
  return [ofPool, { perUnit: (a + b) / 2, degrees: Math.min(degrees, satterthwaite) }];
}

/** Variance of the difference that the counting steps alone leave. */
function stepVariance(
  steps: readonly Float64Array[],
  figures: readonly Float64Array[],
  strategy: number,
): number {
  const of = (s: number) => {
    let sum = 0;
    let count = 0;
    for (const [round, row] of figures.entries()) {
      if (Number.isNaN(row[s])) continue;
      sum += steps[round][s] ** 2;
      count++;
    }
    return sum / count ** 2;
  };
  return of(strategy) + of(0);
}
