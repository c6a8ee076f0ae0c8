/**
 * One synthetic run in a world: its trials, drawn from a seed, and what is true of every comparison.
 * Requests of a round fail together as they do in real runs, where the plan decides most races.
 */
import { type Prng, prng } from '../../harness/base/prng.ts';
import type { ComparedMetric } from '../../harness/contract/summary.ts';
import { trialOrder } from '../../harness/model/plan/trial-order.ts';
import type { HealthyTrial } from '../../results/counted-trial.ts';
import { normalQuantile } from '../../results/statistics/normal-quantile.ts';
import { countedTrialOf, type TrialNumbers } from '../../test/fixtures/counted-trial.ts';
import { effectOf, labels, raceFails, reference, requests, slow, type World } from './worlds.ts';

/** Response times come from this table of a lognormal distribution's quantiles, in ms. */
const quantiles = Float64Array.from(
  { length: 8_192 },
  (_, index) => 10 * Math.exp(0.3 * normalQuantile((index + 0.5) / 8_192)),
);
const stalledShare = 0.03;
const outageShare = 0.05;
const driftCorrelation = 0.9;

/** Label → its trials, one for each round. */
export type Run = ReadonlyMap<string, readonly HealthyTrial[]>;
/** What the plan of a round says of each request. */
interface Plan {
  readonly races: Uint8Array;
  readonly isSlow: Uint8Array;
}

export function drawRun(world: World, rounds: number, seed: number): Run {
  const drawn = drawRounds(world, seed);
  const trials = Array.from({ length: rounds }, () => drawn.next().value).flat();
  const of = (label: string) => trials.filter(({ trial }) => trial.identity.strategyLabel === label);
  return new Map(labels.map((label) => [label, of(label)]));
}

/** The trials of one round after another, without end. */
export function* drawRounds(world: World, seed: number): Generator<readonly HealthyTrial[], never> {
  const random = prng(seed, 'coverage', world.name);
  const flags = (share: number) => Uint8Array.from({ length: requests }, () => Number(random() < share));
  let drift = world.driftSd * normal(random);
  for (let round = 1; ; round++) {
    const plan = { races: flags(world.raceShare), isSlow: flags(world.slowLost === null ? 0 : slow.share) };
    const shared = world.roundSd * normal(random);
    const drawn = trialOrder(labels, seed, world.name, round).map((label, position) => {
      const step = Math.sqrt(1 - driftCorrelation ** 2) * world.driftSd;
      drift = driftCorrelation * drift + step * normal(random);
      const level = shared + drift + position * world.slowerByPosition;
      return drawTrial(world, label, round, level, plan, random);
    });
    const ofReference = drawn.find(({ label }) => label === reference) ?? null;
    yield drawn.map((one) => countedTrialOf(one, one === ofReference ? null : ofReference));
  }
}

function drawTrial(
  world: World,
  label: string,
  round: number,
  level: number,
  plan: Plan,
  random: Prng,
): TrialNumbers {
  const effect = effectOf(world, label);
  const sd = world.trialSd * (world.noisier[label] ?? 1);
  const noisy = () => Math.exp(level + sd * (world.tails === 't3' ? studentT3(random) : normal(random)));
  const successMs = drawTimes(world, label, effect.time * noisy(), plan, random);
  const answered = successMs.reduce((count, ms) => count + Number(ms !== Number.POSITIVE_INFINITY), 0);
  const cpuMs = world.cpuMs * effect.cpu * noisy() * (answered / requests);
  const connections = world.connections * effect.connections * noisy() * (answered / requests);
  return {
    label,
    round,
    successMs,
    timesOut: world.timesOut && label === reference,
    cpuMs: Math.max(1, Math.round(cpuMs / world.cpuStepMs)) * world.cpuStepMs,
    connectionsOpened: world.connections < 10 ? poisson(connections, random) : Math.round(connections),
  };
}

function drawTimes(
  world: World,
  label: string,
  scale: number,
  { races, isSlow }: Plan,
  random: Prng,
): Float64Array {
  const stalled = random() < world.stalledTrials ? stalledShare : 0;
  const outageLength = requests * outageShare;
  const outageFrom =
    random() < world.outageTrials ? Math.floor(random() * (requests - outageLength)) : requests;
  const raceProbability = raceFails * effectOf(world, label).failures;
  const losesSlow = label === reference && world.slowLost !== null;
  const times = new Float64Array(requests);
  for (let request = 0; request < requests; request++) {
    const slowHere = world.slowLost === 'chance' ? random() < slow.share : isSlow[request] === 1;
    const fails =
      random() < world.strayShare ||
      (races[request] === 1 && random() < raceProbability) ||
      (request >= outageFrom && request < outageFrom + outageLength) ||
      (losesSlow && slowHere && random() < slow.lost);
    const stall = stalled > 0 && random() < stalled ? 10 : 1;
    const time =
      scale * stall * (slowHere ? slow.factor : 1) * quantiles[Math.floor(random() * quantiles.length)];
    times[request] = fails ? Number.POSITIVE_INFINITY : time;
  }
  return times;
}

/** What a comparison with the reference estimates: a difference of rates, a ratio of all else. */
export function truthOf(world: World, label: string, metric: ComparedMetric): number {
  const effect = effectOf(world, label);
  switch (metric) {
    case 'errorRate':
      return failureRate(world, label) - failureRate(world, reference);
    case 'cpuPer1000Requests':
      return effect.cpu;
    case 'connectionsOpened':
      return effect.connections;
    case 'throughput':
      return 1;
    case 'responseTimeP50':
    case 'responseTimeP99':
      return effect.time;
  }
}

/** Probability that a request of this strategy fails. */
export function failureRate(world: World, label: string): number {
  const survives =
    (1 - world.strayShare) *
    (1 - world.raceShare * raceFails * effectOf(world, label).failures) *
    (1 - world.outageTrials * outageShare) *
    (1 - (label === reference && world.slowLost !== null ? slow.share * slow.lost : 0));
  return 1 - survives;
}

function normal(random: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Scaled to a standard deviation of 1. */
function studentT3(random: Prng): number {
  const chiSquared = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(chiSquared);
}

/** By products of uniform draws (Knuth); for small means. */
function poisson(mean: number, random: Prng): number {
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count++;
  }
  return count;
}
