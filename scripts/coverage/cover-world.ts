/**
 * Draws many synthetic runs of one world and summarizes them with the code for real runs, either with a fixed number of
 * rounds and one look at the data, or with the planned looks until every verdict is decided.
 */
import { type Estimate, noEstimate } from '../../harness/contract/estimate.ts';
import { worthwhileDefaults } from '../../harness/contract/run-config.ts';
import type { ComparedMetric } from '../../harness/contract/summary.ts';
import { compareStrategies, type Verdicts } from '../../results/compare-strategies.ts';
import type { HealthyTrial } from '../../results/counted-trial.ts';
import { familyError, lookAt } from '../../results/look-at.ts';
import { perThousand, pooledPercentile } from '../../results/pooled.ts';
import { plannedLooks } from '../../results/statistics/planned-looks.ts';
import {
  cpuPerThousand,
  percentileOf,
  perThousandEstimate,
  rateOf,
} from '../../results/summarize-strategy.ts';
import { drawRounds, drawRun, failureRate, type Run } from './draw-run.ts';
import { figures, WorldTally } from './tally.ts';
import { labels, reference, type World } from './worlds.ts';

export type Compare = (trials: Run, level: number) => ReadonlyMap<string, Verdicts>;

/** As a run compares its strategies. */
export const compareRun: Compare = (trials, level) =>
  compareStrategies({ trials, reference, loop: 'open', worthwhile: worthwhileDefaults, level }).verdicts;

/** As runs were compared before: one strategy, one figure at a time, 95 % each, which is a paired t-test. */
export const compareSingly: Compare = (trials, level) => {
  const others = [...trials.keys()].filter((label) => label !== reference);
  return new Map(
    others.flatMap((label) => {
      const pair = new Map([...trials].filter(([name]) => name === reference || name === label));
      return [...compareRun(pair, level * figures.length)];
    }),
  );
};

export function coverRounds(world: World, rounds: number, runs: number, compare = compareRun): WorldTally {
  const tally = new WorldTally(world, rounds);
  const shown = Object.keys(world.noisier)[0] ?? reference;
  const tables: Record<ComparedMetric, Estimate>[] = [];
  const samples: HealthyTrial[] = [];
  for (let seed = 1; seed <= runs; seed++) {
    const trials = drawRun(world, rounds, seed);
    tally.addRun(compare(trials, familyError), rounds);
    const own = trials.get(shown) ?? [];
    tables.push(tableOf(own, seed));
    samples.push(own[0]);
  }
  const truth = populationOf(samples, failureRate(world, shown));
  for (const table of tables) {
    for (const metric of figures) {
      const scale = metric === 'errorRate' ? 'difference' : 'ratio';
      tally.of(metric).table.add(table[metric], truth[metric], scale);
    }
  }
  return tally;
}

const until = { goal: { kind: 'decided' }, timeMsMax: null } as const;
const roundsMax = 40;

export function coverAuto(world: World, runs: number, compare = compareRun): WorldTally {
  const tally = new WorldTally(world, 'auto');
  const looks = plannedLooks(roundsMax).map((look) => ({
    look,
    level: lookAt({ until, rounds: roundsMax }, look).level,
  }));
  for (let seed = 1; seed <= runs; seed++) {
    const drawn = drawRounds(world, seed);
    const trials = new Map<string, HealthyTrial[]>(labels.map((label) => [label, []]));
    let rounds = 0;
    for (const { look, level } of looks) {
      for (; rounds < look; rounds++) addRound(trials, drawn.next().value);
      const verdicts = compare(trials, level);
      const isOpen = [...verdicts.values()].some((of) =>
        figures.some((metric) => of[metric].word === 'undecided'),
      );
      if (isOpen && look < roundsMax) continue;
      tally.addRun(verdicts, rounds);
      break;
    }
  }
  return tally;
}

function addRound(trials: ReadonlyMap<string, HealthyTrial[]>, round: readonly HealthyTrial[]): void {
  for (const trial of round) trials.get(trial.trial.identity.strategyLabel)?.push(trial);
}

/** The intervals of the table: one strategy by itself, 95 % each. */
function tableOf(trials: readonly HealthyTrial[], seed: number): Record<ComparedMetric, Estimate> {
  const digests = trials.map(({ digest }) => digest);
  const times = digests.map(({ responseMs }) => responseMs);
  return {
    errorRate: rateOf(digests.map(({ ok, scheduled }) => ({ failed: scheduled - ok, started: scheduled }))),
    responseTimeP50: percentileOf(times, 0.5, seed),
    responseTimeP99: percentileOf(times, 0.99, seed),
    cpuPer1000Requests: cpuPerThousand(
      trials.map(({ cost }) => cost.cpuMs ?? Number.NaN),
      digests,
      seed,
    ),
    connectionsOpened: perThousandEstimate(
      digests.map(({ connectionsOpened }) => connectionsOpened),
      digests,
      seed,
    ),
    throughput: noEstimate,
  };
}

/** What those intervals are meant to hold: the figures of very many rounds together, one from each run. */
function populationOf(samples: readonly HealthyTrial[], errorRate: number): Record<ComparedMetric, number> {
  const digests = samples.map(({ digest }) => digest);
  const each = new Uint8Array(samples.length).fill(1);
  const times = digests.map(({ responseMs }) => responseMs);
  const answered = digests.map(({ ok }) => ok);
  const per1000 = (amounts: readonly number[]) => perThousand(amounts, answered, each) ?? Number.NaN;
  return {
    errorRate,
    responseTimeP50: pooledPercentile(times, each, 0.5) ?? Number.NaN,
    responseTimeP99: pooledPercentile(times, each, 0.99) ?? Number.NaN,
    cpuPer1000Requests: per1000(samples.map(({ cost }) => cost.cpuMs ?? Number.NaN)),
    connectionsOpened: per1000(digests.map(({ connectionsOpened }) => connectionsOpened)),
    throughput: Number.NaN,
  };
}
