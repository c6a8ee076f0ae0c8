/**
 * Strategies compared with a reference in a randomized complete block design: rounds are blocks, strategies are
 * treatments, one figure per cell, on the log scale (RMIT: Abedi and Brecht, ICPE 2017).
 *
 * y[r,s] = block[r] + effect[s] + e[r,s], fitted by least squares, so that a missing cell costs that cell and not
 * its round. The residual variance is pooled over all cells: (K−1)(S−1) degrees of freedom where a paired t-test
 * has K−1. Intervals are simultaneous over the strategies, by Dunnett's critical value.
 *
 * Pooling supposes that all strategies are equally noisy. Where they are not it says too much, so each strategy's
 * own variance is estimated as well (Grubbs 1948), shrunk toward the pooled one with the weight of one degree of
 * freedom (the idea of Smyth 2004), with Satterthwaite's degrees of freedom, and the wider interval counts.
 * `npm run coverage` prints what that costs in calm worlds and saves in others.
 */
import { dunnettQuantile } from './dunnett-quantile.ts';
import { invertSymmetric } from './invert-symmetric.ts';

/** A difference from the reference, with what its interval is made of; null where it cannot be estimated. */
export interface BlockEffect {
  readonly estimate: number;
  /** Half width of the simultaneous interval; null with a single round. */
  readonly halfWidth: number | null;
}

export interface BlockInput {
  /** One row per round, one column per strategy, the reference first; NaN: no figure. */
  readonly figures: readonly Float64Array[];
  /** Standard deviation that each cell has at least: the step in which it is counted. The figures' own shape. */
  readonly steps: readonly Float64Array[];
  /** Probability that any of the intervals misses. */
  readonly level: number;
}

/** Weight of the pooled variance in each strategy's own, in degrees of freedom. */
const priorDegrees = 1;

/** @returns One effect for each strategy but the reference, in order. */
export function blockEffects({ figures, steps, level }: BlockInput): (BlockEffect | null)[] {
  const usable = figures.filter((row) => row.filter((value) => !Number.isNaN(value)).length >= 2);
  const strategies = figures[0]?.length ?? 0;
  const present = Array.from({ length: strategies }, (_, s) => usable.some((row) => !Number.isNaN(row[s])));
  const compared = present.filter((is, s) => is && s > 0).length;
  if (!present[0] || compared === 0) return Array.from({ length: Math.max(0, strategies - 1) }, () => null);
  const fit = fitBlocks(usable, present);
  return present.slice(1).map((is, index) => {
    if (!is) return null;
    const strategy = index + 1;
    const estimate = fit.effects[strategy] - fit.effects[0];
    const variance = contrastVariance(fit, strategy);
    if (variance === null) return { estimate, halfWidth: null };
    const floor = stepVariance(steps, figures, strategy);
    const widths = variance.map(({ perUnit, degrees }) => {
      const standardError = Math.sqrt(Math.max(perUnit * fit.unit[strategy], floor));
      return dunnettQuantile(compared, degrees, level) * standardError;
    });
    return { estimate, halfWidth: Math.max(...widths) };
  });
}

interface Fit {
  readonly effects: Float64Array;
  /** Var(effect − reference's) for a residual variance of 1. */
  readonly unit: Float64Array;
  readonly degrees: number;
  /** Residual variance; NaN without degrees of freedom. */
  readonly variance: number;
  /** Each strategy's own variance. */
  readonly own: Float64Array;
  readonly ownDegrees: Float64Array;
}

/** Least squares with blocks eliminated: C·effect = q, the reduced normal equations of an incomplete block design. */
function fitBlocks(rows: readonly Float64Array[], present: readonly boolean[]): Fit {
  const columns = [...present.keys()].filter((s) => present[s]);
  const size = columns.length;
  const normal = Array.from({ length: size }, () => new Float64Array(size));
  const right = new Float64Array(size);
  let cells = 0;
  for (const row of rows) {
    const here = columns.flatMap((s, i) => (Number.isNaN(row[s]) ? [] : [i]));
    const mean = here.reduce((sum, i) => sum + row[columns[i]], 0) / here.length;
    cells += here.length;
    for (const i of here) {
      right[i] += row[columns[i]] - mean;
      normal[i][i] += 1;
      for (const j of here) normal[i][j] -= 1 / here.length;
    }
  }
  // The effects are known up to a constant: fixed by Σ effect = 0, which a matrix of ones adds to C.
  const inverse = invertSymmetric(normal.map((row) => row.map((value) => value + 1 / size)));
  const effects = new Float64Array(present.length).fill(Number.NaN);
  const unit = new Float64Array(present.length).fill(Number.NaN);
  for (const [i, s] of columns.entries()) {
    effects[s] = inverse[i].reduce((sum, value, j) => sum + value * right[j], 0);
    unit[s] = inverse[i][i] + inverse[0][0] - 2 * inverse[i][0];
  }
  const degrees = cells - rows.length - size + 1;
  return { effects, unit, degrees, ...variances(rows, columns, effects, degrees) };
}

function variances(
  rows: readonly Float64Array[],
  columns: readonly number[],
  effects: Float64Array,
  degrees: number,
): Pick<Fit, 'variance' | 'own' | 'ownDegrees'> {
  const squares = new Float64Array(effects.length);
  const counts = new Float64Array(effects.length);
  for (const row of rows) {
    const here = columns.filter((s) => !Number.isNaN(row[s]));
    const block = here.reduce((sum, s) => sum + row[s] - effects[s], 0) / here.length;
    for (const s of here) {
      squares[s] += (row[s] - effects[s] - block) ** 2;
      counts[s]++;
    }
  }
  const total = squares.reduce((sum, value) => sum + value, 0);
  const variance = degrees > 0 ? total / degrees : Number.NaN;
  const size = columns.length;
  // Grubbs' estimator: a strategy's residuals hold (1 − 2/S) of its own variance and 1/S of the mean one.
  const own = squares.map((value, s) =>
    Math.max(0, (size / (size - 2)) * (value / Math.max(1, counts[s] - 1) - variance / size)),
  );
  return { variance, own, ownDegrees: counts.map((count) => Math.max(0, count - 1)) };
}

/** Variances of a contrast per unit of `fit.unit`, each with its degrees of freedom: pooled, and the strategies' own. */
function contrastVariance(fit: Fit, strategy: number): { perUnit: number; degrees: number }[] | null {
  const { variance, degrees, own, ownDegrees } = fit;
  if (!(degrees > 0)) return null;
  const pooled = { perUnit: variance, degrees };
  // With two strategies their variances cannot be told apart, and a paired comparison needs only their sum.
  if (!Number.isFinite(own[strategy]) || !Number.isFinite(own[0])) return [pooled];
  const shrunk = (s: number) =>
    (priorDegrees * variance + ownDegrees[s] * own[s]) / (priorDegrees + ownDegrees[s]);
  const [a, b] = [shrunk(strategy), shrunk(0)];
  if (a + b === 0) return [pooled];
  const satterthwaite =
    (a + b) ** 2 / (a ** 2 / (priorDegrees + ownDegrees[strategy]) + b ** 2 / (priorDegrees + ownDegrees[0]));
  return [
    pooled,
    { perUnit: (a + b) / 2, degrees: Math.max(1, Math.min(degrees, Math.round(satterthwaite))) },
  ];
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
