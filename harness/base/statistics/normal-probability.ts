/**
 * The standard normal distribution function: P(Z ≤ z). A power series near the middle, Laplace's continued
 * fraction in the tail, so that small probabilities keep their relative precision. No package: jstat takes the tail
 * from 1 − erf, which is 2 % off at z = 8 and 0 at z = 10; Dunnett's table looks farther out.
 */

export function normalProbability(z: number): number {
  return z >= 0 ? 1 - upperTail(z) : upperTail(-z);
}

/** P(Z > z) for z ≥ 0. */
export function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let k = 1; k < 60 && term > 1e-17; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 120; k >= 1; k--) fraction = z + k / fraction;
  return density / fraction;
}
