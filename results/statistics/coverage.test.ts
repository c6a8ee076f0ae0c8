/**
 * Do the intervals hold what they say? Thousands of synthetic experiments with a known truth, one
 * fixed seed. Each band is stated beside its case; 4,000 experiments have a standard error of
 * 0.35 points at 95 %, so a band of ±1.2 is more than three of them.
 */
import { expect, test } from 'vitest';
import { type Prng, prng } from '../../harness/base/prng.ts';
import { timesOf } from '../../harness/base/statistics/times.ts';
import type { Estimate } from '../../harness/contract/summary.ts';
import { bootstrapInterval } from './bootstrap-rounds.ts';
import { clusteredRate } from './clustered-rate.ts';
import { pooledQuantile } from './pooled-quantile.ts';

const experiments = 4000;
const seed = 20;

function normal(random: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Failures among `trials`, by the geometric distance from one failure to the next. */
function binomial(trials: number, share: number, random: Prng): number {
  let failures = 0;
  let position = 0;
  for (;;) {
    position += 1 + Math.floor(Math.log(1 - random()) / Math.log1p(-share));
    if (position > trials) return failures;
    failures++;
  }
}

function contains({ low, high }: Estimate, truth: number): boolean {
  return low !== null && high !== null && low <= truth && truth <= high;
}

/** Share of experiments for which it is true. */
function share(times: number, experiment: (random: Prng, index: number) => boolean): number {
  const random = prng(seed, 'coverage');
  let yes = 0;
  for (let index = 0; index < times; index++) yes += Number(experiment(random, index));
  return yes / times;
}

const rounded = <Value>(rounds: number, of: () => Value) => Array.from({ length: rounds }, of);
const meanOf = (values: readonly number[]) => (weights: Uint8Array) =>
  values.reduce((sum, value, round) => sum + weights[round] * value, 0) / values.length;

test.each([3, 5])('bootstrapInterval() covers a mean of %d normal rounds 19 times in 20', (rounds) => {
  const coverage = share(experiments, (random) => {
    const values = rounded(rounds, () => 100 + 5 * normal(random));
    return contains(bootstrapInterval(meanOf(values), rounds, { scale: 'linear', seed }), 100);
  });
  expect(coverage).toBeGreaterThan(0.938);
  expect(coverage).toBeLessThan(0.962);
});

test.each([3, 5])(
  'bootstrapInterval() covers a mean of %d lognormal rounds about 19 times in 20',
  (rounds) => {
    // sigma 0.2: rounds that differ by a fifth, which is a bad day on a shared machine.
    const truth = 100 * Math.exp(0.2 ** 2 / 2);
    const coverage = share(experiments, (random) => {
      const values = rounded(rounds, () => 100 * Math.exp(0.2 * normal(random)));
      return contains(bootstrapInterval(meanOf(values), rounds, { scale: 'log', seed }), truth);
    });
    expect(coverage).toBeGreaterThan(0.93);
    expect(coverage).toBeLessThan(0.965);
  },
);

/** Two strategies, each with 200 values a round, the second 1.2 times the first; noise of 3 % a trial. */
function pairedRounds(rounds: number, speedSigma: number, random: Prng) {
  const speeds = rounded(rounds, () => Math.exp(speedSigma * normal(random)));
  const trial = (speed: number, factor: number) => {
    const scale = speed * factor * Math.exp(0.03 * normal(random));
    return timesOf(Float64Array.from({ length: 200 }, () => scale * Math.exp(0.3 * normal(random))));
  };
  return {
    reference: speeds.map((speed) => trial(speed, 1)),
    strategy: speeds.map((speed) => trial(speed, 1.2)),
  };
}

test('bootstrapInterval() covers a ratio of pooled quantiles at least 19 times in 20', () => {
  const coverage = share(500, (random) => {
    const { strategy, reference } = pairedRounds(3, 0.1, random);
    const ratio = (weights: Uint8Array) =>
      (pooledQuantile(strategy, weights, 0.5) ?? 0) / (pooledQuantile(reference, weights, 0.5) ?? 0);
    return contains(bootstrapInterval(ratio, 3, { scale: 'log', seed }), 1.2);
  });
  // To the wide side, the more so the more the rounds' speeds differ: which is why verdicts use the block model.
  expect(coverage).toBeGreaterThan(0.93);
});

test.each([
  // rounds, scatter of the true rate between rounds (sd of ln), at least, at most
  [3, 0, 0.95, 1],
  [5, 0, 0.95, 0.999],
  [3, 0.1, 0.94, 0.995],
  [3, 0.3, 0.93, 0.975],
  [5, 0.1, 0.94, 0.99],
  [5, 0.3, 0.93, 0.97],
])(
  'clusteredRate() covers a rate of 0.03 of 6,000 requests: %d rounds, scatter %d',
  (rounds, sigma, least, most) => {
    const coverage = share(experiments / 2, (random) => {
      const trials = rounded(rounds, () => {
        const rate = 0.03 * Math.exp(sigma * normal(random) - sigma ** 2 / 2);
        return { failed: binomial(6000, rate, random), started: 6000 };
      });
      return contains(clusteredRate(trials), 0.03);
    });
    expect(coverage).toBeGreaterThan(least);
    expect(coverage).toBeLessThanOrEqual(most);
  },
);
