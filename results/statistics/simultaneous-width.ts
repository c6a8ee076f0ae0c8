/**
 * Half width of a simultaneous interval, when several estimates of its variance compete and the widest counts; and how
 * it shrinks with more rounds if the estimates stay. Degrees of freedom grow with the rounds, so an interval from few
 * rounds shrinks much faster than with their root.
 */
import { dunnettQuantile } from './dunnett-quantile.ts';

export interface VarianceEstimate {
  readonly standardError: number;
  /** Those that come from the rounds of this run; Infinity for a variance that is known. */
  readonly degrees: number;
  /** Those that come from elsewhere and do not grow. */
  readonly borrowed?: number;
}

export class SimultaneousWidth {
  private readonly estimates: readonly VarianceEstimate[];
  private readonly comparisons: number;
  private readonly level: number;

  /** @param estimates At least one. @param level Probability that any of the intervals misses. */
  constructor(estimates: readonly VarianceEstimate[], comparisons: number, level: number) {
    this.estimates = estimates;
    this.comparisons = comparisons;
    this.level = level;
  }

  get halfWidth(): number {
    return this.widest(1);
  }

  /** Half width after that many rounds, as a share of the one after `now` rounds, from 2. */
  shrinkage(rounds: number, now: number): number {
    return (Math.sqrt(now / rounds) * this.widest((rounds - 1) / (now - 1))) / this.halfWidth;
  }

  private widest(growth: number): number {
    const widths = this.estimates.map(({ standardError, degrees, borrowed = 0 }) => {
      const grown = Math.max(1, rounded(degrees * growth + borrowed));
      return dunnettQuantile(this.comparisons, grown, this.level) * standardError;
    });
    return Math.max(...widths);
  }
}

/** Rounds to few different values, because each needs a critical value. Rounding changes the width by less than 1 %. */
function rounded(degrees: number): number {
  const step = degrees < 10 ? 0.25 : degrees < 40 ? 1 : 20;
  return degrees > 400 ? Number.POSITIVE_INFINITY : Math.round(degrees / step) * step;
}
