/**
 * Quantile of the standard normal distribution: z with P(Z ≤ z) = p.
 *
 * A rational first guess (Abramowitz and Stegun 26.2.23, good to 4.5e-4), then Halley's steps on
 * the distribution function itself, which bring it to about 1e-12. No table of magic coefficients
 * that nobody can check.
 */
import { assert } from '../../harness/base/assert.ts';
import { upperTail } from '../../harness/base/statistics/normal-probability.ts';

/** @param p Strictly between 0 and 1. */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, `normalQuantile() takes a p between 0 and 1: current value is ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0.5) return 0;
  // Solved for the upper tail, where small probabilities keep their relative precision.
  let z = firstGuess(p);
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const newton = (upperTail(z) - p) / density;
    z += newton / (1 - (newton * z) / 2);
  }
  return -z;
}

function firstGuess(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - numerator / denominator;
}
