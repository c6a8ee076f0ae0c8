/**
 * Quantile of Student's t distribution: t with P(T ≤ t) = p.
 *
 * With t = √df · tan θ the distribution function of a whole number of degrees of freedom is a
 * finite sum in sin θ and cos θ (Abramowitz and Stegun 26.7.3 and 26.7.4), so bisection on θ needs
 * no gamma function and is exact to rounding. Fractional degrees of freedom are not offered: the
 * only ones here are rounds − 1 and replays − 1. No package: jstat's inverse agrees with this one to 7 digits only.
 */
import { assert } from '../../harness/base/assert.ts';
import { bisect } from './bisect.ts';

/** @param p Strictly between 0 and 1. @param degreesOfFreedom A whole number, at least 1. */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  assert(p > 0 && p < 1, `studentTQuantile() takes a p between 0 and 1: current value is ${p}`);
  assert(
    Number.isInteger(degreesOfFreedom) && degreesOfFreedom >= 1,
    `studentTQuantile() takes a whole number of degrees of freedom from 1: current value is ${degreesOfFreedom}`,
  );
  if (p < 0.5) return -studentTQuantile(1 - p, degreesOfFreedom);
  const centralShare = 2 * p - 1;
  const theta = bisect((angle) => shareWithin(angle, degreesOfFreedom) < centralShare, 0, Math.PI / 2);
  return Math.sqrt(degreesOfFreedom) * Math.tan(theta);
}

/** P(|T| ≤ √df · tan θ). */
function shareWithin(theta: number, degreesOfFreedom: number): number {
  const sine = Math.sin(theta);
  const cosine = Math.cos(theta);
  const odd = degreesOfFreedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degreesOfFreedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}
