/**
 * Critical value of Dunnett's test (1955): several strategies against one reference, both directions.
 *
 * The statistics share the reference's noise and the estimated variance, so they follow a multivariate t with
 * correlation ½. Simultaneous intervals `estimate ± value · SE` then all hold together with probability
 * 1 − level. Published: 5 comparisons, 20 degrees of freedom, 5 %: 2.73.
 *
 * P(max |T| ≤ c) = ∫ h(s) ∫ φ(z) [Φ(√2·c·s + z) − Φ(−√2·c·s + z)]^k dz ds, with s the standard error's own
 * scatter (χ/√df). Both integrals by Simpson's rule.
 */
import { assert } from '../../harness/base/assert.ts';
import { normalProbability } from '../../harness/base/statistics/normal-probability.ts';

const known = new Map<string, number>();

/**
 * @param comparisons Strategies compared with the reference, from 1.
 * @param degreesOfFreedom From 1; Infinity for a known variance.
 * @param level Probability that any interval misses, strictly between 0 and 1.
 */
export function dunnettQuantile(comparisons: number, degreesOfFreedom: number, level: number): number {
  assert(
    comparisons >= 1 && degreesOfFreedom >= 1,
    'dunnettQuantile() takes 1 comparison or more and 1 degree of freedom or more',
  );
  assert(
    level > 0 && level < 1,
    `dunnettQuantile() takes a level between 0 and 1: current value is ${level}`,
  );
  const key = `${comparisons} ${degreesOfFreedom} ${level}`;
  const found = known.get(key) ?? solve(comparisons, degreesOfFreedom, level);
  known.set(key, found);
  return found;
}

/** Bisection on ln c: critical values reach thousands where there is one degree of freedom. */
function solve(comparisons: number, degreesOfFreedom: number, level: number): number {
  let low = Math.log(0.01);
  let high = Math.log(1e6);
  for (let step = 0; step < 45; step++) {
    const middle = (low + high) / 2;
    if (missed(Math.exp(middle), comparisons, degreesOfFreedom) > level) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

/** P(max |T| > c). */
function missed(c: number, comparisons: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(degreesOfFreedom)) return missedWithKnownVariance(c, comparisons);
  // s = χ/√df on a log axis, where its density is smooth even for one degree of freedom; normalized by its own sum.
  const from = -6 / Math.sqrt(degreesOfFreedom) - Math.log(10) * (20 / (degreesOfFreedom * 2));
  const to = 5 / Math.sqrt(degreesOfFreedom);
  const steps = 120;
  let sum = 0;
  let mass = 0;
  for (let step = 0; step <= steps; step++) {
    const logS = from + ((to - from) * step) / steps;
    const s = Math.exp(logS);
    const weight = simpson(step, steps) * Math.exp(degreesOfFreedom * (logS - (s * s) / 2));
    mass += weight;
    sum += weight * missedWithKnownVariance(c * s, comparisons);
  }
  return sum / mass;
}

/** P(max |Z| > c) on a grid of c, as logarithms, one table for each number of comparisons. */
const tables = new Map<number, Float64Array>();
const gridStep = 0.02;
const gridMax = 12;

/** Between grid points the logarithm is taken as straight: off by at most one part in 10,000. */
function missedWithKnownVariance(c: number, comparisons: number): number {
  let table = tables.get(comparisons);
  if (table === undefined) {
    table = Float64Array.from({ length: gridMax / gridStep + 1 }, (_, index) =>
      Math.log(missedBySimpson(index * gridStep, comparisons)),
    );
    tables.set(comparisons, table);
  }
  const place = Math.min(c / gridStep, table.length - 1.000001);
  const index = Math.floor(place);
  return Math.exp(table[index] + (place - index) * (table[index + 1] - table[index]));
}

const zMax = 8;
const zSteps = 64;

function missedBySimpson(c: number, comparisons: number): number {
  const scaled = Math.SQRT2 * c;
  let sum = 0;
  let mass = 0;
  for (let step = 0; step <= zSteps; step++) {
    const z = -zMax + (2 * zMax * step) / zSteps;
    const weight = simpson(step, zSteps) * Math.exp((-z * z) / 2);
    // Both tails apart, so that a small probability does not vanish in 1 minus it.
    const tails = normalProbability(-scaled - z) + normalProbability(-scaled + z);
    mass += weight;
    sum += weight * -Math.expm1(comparisons * Math.log1p(-Math.min(1, tails)));
  }
  return sum / mass;
}

function simpson(step: number, steps: number): number {
  if (step === 0 || step === steps) return 1;
  return step % 2 === 1 ? 4 : 2;
}
