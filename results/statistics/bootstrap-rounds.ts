/**
 * Intervals from resampling rounds: the trial, not the request, is what a run repeats.
 *
 * A statistic is any function of how often each round counts, so medians, ratios of pooled
 * percentiles and paired comparisons all take the same road; pairing comes from giving both
 * strategies of a round the same weight. The bootstrap supplies the standard error, Student's t
 * the width. Percentile bootstrap intervals are not used: with three rounds they cannot reach
 * beyond the largest, and all three lie on one side of the truth a quarter of the time.
 */
import { prng } from '../../harness/base/prng.ts';
import type { Estimate } from '../../harness/contract/summary.ts';
import { studentTQuantile } from './student-t-quantile.ts';

export interface Resample {
  /** How often each round counts; they sum to the number of rounds. */
  readonly weights: Uint8Array;
  readonly probability: number;
}

/** 1,716 multisets at 7 rounds, 6,435 at 8: from there on drawing is cheaper than listing. */
const exactRoundsMax = 7;
const drawsWhenNotExact = 2000;

export interface IntervalOptions {
  /** `log`: the width is found on ln, for ratios and times; needs positive values, else it falls back to `linear`. */
  readonly scale: 'linear' | 'log';
  readonly seed: number;
}

/**
 * The statistic of all rounds with its 95 % interval: estimate ± t(0.975, rounds − 1) · SE · √(rounds/(rounds − 1)).
 *
 * The root undoes the bootstrap's known shrinkage, so that the interval of a plain mean is exactly Student's.
 *
 * @param statistic From the rounds' weights; null or not finite where it has no value.
 * @returns Bounds null below two rounds, or when a resample has no value; all null when the rounds together have none.
 */
export function bootstrapInterval(
  statistic: (weights: Uint8Array) => number | null,
  rounds: number,
  options: IntervalOptions,
): Estimate {
  const estimate = rounds === 0 ? null : finiteOrNull(statistic(new Uint8Array(rounds).fill(1)));
  if (estimate === null || rounds < 2) return { estimate, low: null, high: null };
  const values: number[] = [];
  const probabilities: number[] = [];
  for (const { weights, probability } of resamples(rounds, options.seed)) {
    const value = finiteOrNull(statistic(weights));
    if (value === null) return { estimate, low: null, high: null };
    values.push(value);
    probabilities.push(probability);
  }
  const width = studentTQuantile(0.975, rounds - 1) * Math.sqrt(rounds / (rounds - 1));
  if (options.scale === 'log' && estimate > 0 && values.every((value) => value > 0)) {
    const halfWidth = width * standardError(values.map(Math.log), probabilities);
    return { estimate, low: estimate * Math.exp(-halfWidth), high: estimate * Math.exp(halfWidth) };
  }
  const halfWidth = width * standardError(values, probabilities);
  // What is given the log scale is never negative.
  const lowest = options.scale === 'log' ? 0 : Number.NEGATIVE_INFINITY;
  return { estimate, low: Math.max(lowest, estimate - halfWidth), high: estimate + halfWidth };
}

/** Every way to draw `rounds` rounds with replacement, with its probability; above 7 rounds, 2,000 seeded draws. */
export function resamples(rounds: number, seed: number): Iterable<Resample> {
  return rounds <= exactRoundsMax ? everyResample(rounds) : drawnResamples(rounds, seed);
}

function* everyResample(rounds: number): Generator<Resample> {
  const weights = new Uint8Array(rounds);
  // Multinomial: rounds! / (w₁! … wₖ!) / roundsʳᵒᵘⁿᵈˢ, built up as a product of binomials.
  function* spread(index: number, left: number, ways: number): Generator<Resample> {
    if (index === rounds - 1) {
      weights[index] = left;
      yield { weights: weights.slice(), probability: ways / rounds ** rounds };
      return;
    }
    let choices = 1;
    for (let count = 0; count <= left; count++) {
      weights[index] = count;
      yield* spread(index + 1, left - count, ways * choices);
      choices = (choices * (left - count)) / (count + 1);
    }
  }
  if (rounds > 0) yield* spread(0, rounds, 1);
}

function* drawnResamples(rounds: number, seed: number): Generator<Resample> {
  const random = prng(seed, 'bootstrap', rounds);
  for (let draw = 0; draw < drawsWhenNotExact; draw++) {
    const weights = new Uint8Array(rounds);
    for (let pick = 0; pick < rounds; pick++) weights[Math.floor(random() * rounds)]++;
    yield { weights, probability: 1 / drawsWhenNotExact };
  }
}

function standardError(values: readonly number[], probabilities: readonly number[]): number {
  const mean = values.reduce((sum, value, index) => sum + probabilities[index] * value, 0);
  const variance = values.reduce((sum, value, index) => sum + probabilities[index] * (value - mean) ** 2, 0);
  return Math.sqrt(variance);
}

function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
