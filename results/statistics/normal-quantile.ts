/** Quantile of the standard normal distribution: z with P(Z ≤ z) = p. */
import { assert } from '../../harness/base/assert.ts';
import { upperTail } from '../../harness/base/statistics/normal-probability.ts';
import { bisect } from './bisect.ts';

/** @param p Strictly between 0 and 1. */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, `normalQuantile() takes a p between 0 and 1: current value is ${p}`);
  // Solved for the upper tail, where small probabilities keep their relative precision. None is beyond 40.
  return p > 0.5 ? -normalQuantile(1 - p) : -bisect((z) => upperTail(z) > p, 0, 40);
}
