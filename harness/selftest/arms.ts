/**
 * The same strategy under several names ("arms"), and with a known difference injected, put through the
 * engine and compared as a run compares strategies: what the verdicts say where the truth is known.
 */
import { compareStrategies, type Verdicts } from '../../results/compare-strategies.ts';
import { type CountedTrial, countTrial } from '../../results/counted-trial.ts';
import { type Fates, fatesOf } from '../../results/digest-trial.ts';
import { prng } from '../base/prng.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { type ScenarioConfig, worthwhileDefaults } from '../contract/run-config.ts';
import { buildPlan } from '../model/plan/build-plan.ts';
import { drawFaults } from '../model/plan/draw-faults.ts';
import { trialOrder } from '../model/plan/trial-order.ts';
import { plainTarget } from '../target/plain-target.ts';
import type { Bench, BenchTrial } from './bench.ts';

/** `same`, `again`: nothing differs. `slower`: +5 % latency. `failing`: 0.5 % of the requests are answered with a 500. */
export const arms = ['same', 'again', 'slower', 'failing'] as const;
export type Arm = (typeof arms)[number];

export type { Verdicts } from '../../results/compare-strategies.ts';

/** Half the requests wait a round trip and service: 10 ms and what the machine adds; a twentieth of that is added. */
const rttMs = 4;
const serviceMs = 6;
const addedMs = 0.5;
const failingShare = 0.005;
const times = { warmupMs: 250, durationMs: 650 };

const target = {
  ...plainTarget,
  idleTimeoutMs: 250,
  serviceMs: { kind: 'fixed', value: serviceMs },
} as const;

/** Most gaps are far from the idle timeout, some around it: about one request in a hundred races. */
const scenario: ScenarioConfig = {
  id: 'arms',
  axes: {},
  target,
  via: null,
  network: { rttMs, upstreamRttMs: 0 },
  traffic: {
    kind: 'think-time',
    clients: 100,
    gapMs: {
      kind: 'mixture',
      parts: [
        { weight: 4, of: { kind: 'uniform', min: 20, max: 150 } },
        { weight: 1, of: { kind: 'uniform', min: 100, max: 270 } },
      ],
    },
  },
  requests: [
    {
      weight: 1,
      template: { method: 'POST', path: '/', headers: {} },
      bodyBytes: { kind: 'fixed', value: 64 },
    },
  ],
  client: {
    kind: 'lean',
    settings: 'policy',
    connectionsPerClientMax: null,
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 10_000,
  },
  lagAllowance: { serverLagMs: 5, clientLagMs: 5 },
};

/** How long one trial takes, about, ms. */
export const armTrialMs = times.warmupMs + times.durationMs + 350;

/**
 * Runs `rounds` rounds of the reference and the arms asked for, in balanced order.
 * @param seed Another seed, another load.
 */
export async function runArms(
  bench: Bench,
  { rounds, seed, of }: { rounds: number; seed: number; of: readonly Arm[] },
): Promise<ReadonlyMap<string, readonly CountedTrial[]>> {
  const planned: (BenchTrial & { name: string })[] = [];
  for (let round = 1; round <= rounds; round++) {
    const plan = buildPlan(scenario, { seed, ...times }, round);
    for (const [index, name] of trialOrder(['reference', ...of], seed, scenario.id, round).entries()) {
      const id = `arms-${seed}-${name}-r${round}`;
      planned.push({ name, id, round, order: index + 1, plan, rttMs, ...differenceOf(name, plan, seed) });
    }
  }
  const results = await bench.runAll(planned);
  const trials = new Map<string, CountedTrial[]>();
  const fates = new Map<number | undefined, Fates>();
  for (const [index, { name, plan, round }] of planned.entries()) {
    const { generator, health } = results[index];
    if (name === 'reference' && generator !== null && health.ok) fates.set(round, fatesOf(plan, generator));
  }
  for (const [index, { name, plan, round }] of planned.entries()) {
    const reference = name === 'reference' ? null : (fates.get(round) ?? null);
    const counted = countTrial(results[index], plan, scenario, reference);
    trials.set(name, [...(trials.get(name) ?? []), counted]);
  }
  return trials;
}

/** The verdicts of a run of these arms. @param level Probability that any interval of the family misses. */
export function compareArms(
  trials: ReadonlyMap<string, readonly CountedTrial[]>,
  level: number,
): ReadonlyMap<string, Verdicts> {
  const setup = {
    trials,
    reference: 'reference',
    loop: 'open',
    worthwhile: worthwhileDefaults,
    level,
  } as const;
  return compareStrategies(setup).verdicts;
}

/** What is injected into an arm. */
function differenceOf(name: string, plan: LoadPlan, seed: number): Pick<BenchTrial, 'target' | 'faults'> {
  const value = name === 'slower' ? serviceMs + addedMs : serviceMs;
  const slowed = { ...target, serviceMs: { kind: 'fixed', value } } as const;
  if (name !== 'failing') return { target: slowed };
  const measured = plan.intendedNs.filter((atNs) => atNs >= plan.warmupNs).length;
  const faults = drawFaults({ 'status-500': Math.round(measured * failingShare) }, seed, plan);
  return { target: slowed, faults: faults ?? undefined };
}

/** A seed for each repetition, far from its neighbours'. */
export function repetitionSeed(seed: number, repetition: number): number {
  return Math.floor(prng(seed, 'repetition', repetition)() * 2 ** 32);
}
