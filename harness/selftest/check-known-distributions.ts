/**
 * Known distributions: the target waits times drawn from a seed, so what the reports must say is known
 * to the request. A null server comes first; its response times are the floor, which nothing that is
 * measured on this machine can be below.
 */
import { digestTrial, measuredRows } from '../../results/digest-trial.ts';
import { intervalsOf } from '../../results/histogram-logs.ts';
import { hlogOf } from '../../results/hlog.ts';
import { secondsOf } from '../../results/seconds.ts';
import { draw } from '../base/distribution.ts';
import { prng } from '../base/prng.ts';
import type { Distribution } from '../contract/distribution.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import { type Bench, planOf } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { decodeHlog, merged } from './decode-hlog.ts';
import {
  concludeDistributions,
  floorOf,
  judgeDistribution,
  type KnownTrial,
} from './judge-known-distributions.ts';
import { complaints } from './laws-finding.ts';
import { booksOf } from './trial-books.ts';

const known: readonly { readonly name: string; readonly serviceMs: Distribution }[] = [
  { name: 'lognormal', serviceMs: { kind: 'lognormal', median: 8, sigma: 0.6 } },
  {
    name: 'two modes',
    serviceMs: {
      kind: 'mixture',
      parts: [
        { weight: 4, of: { kind: 'normal', mean: 5, sd: 0.5 } },
        { weight: 1, of: { kind: 'normal', mean: 40, sd: 3 } },
      ],
    },
  },
];

const warmupMs = 300;
const durationMs = 1_200;
const ratePerSecond = 500;
const clients = 40;

export const checkKnownDistributions: Check = {
  id: 'known-distributions',
  title: 'Percentiles match the times that the target waited',
  lastsMs: 6_000,
  async run(bench: Bench): Promise<CheckResult> {
    const plan = evenPlan();
    const nothing = { name: 'null server', serviceMs: { kind: 'fixed', value: 0 } } as const;
    const floor = floorOf(await knownTrial(bench, plan, nothing));
    const verdicts = [];
    for (const one of known) verdicts.push(judgeDistribution(await knownTrial(bench, plan, one), floor));
    return concludeDistributions(verdicts, floor);
  },
};

function evenPlan(): LoadPlan {
  const endMs = warmupMs + durationMs;
  const requests = Array.from({ length: (endMs * ratePerSecond) / 1_000 }, (_, index) => ({
    atMs: (index * 1_000) / ratePerSecond,
    client: index % clients,
  }));
  return planOf(requests, { warmupMs, endMs });
}

async function knownTrial(
  bench: Bench,
  plan: LoadPlan,
  { name, serviceMs }: { readonly name: string; readonly serviceMs: Distribution },
): Promise<KnownTrial> {
  const result = await bench.run({
    id: `known-${name.replaceAll(' ', '-')}`,
    plan,
    target: { serviceMs },
  });
  const { generator, target } = booksOf(result);
  return {
    name,
    plan,
    generator,
    target,
    drawnMs: drawnOf(target.ledger.noticedNs, serviceMs, bench.seed),
    responseMs: digestTrial(plan, result, generator).responseMs.values,
    logged: loggedOf(plan, generator),
    complaints: complaints(result),
  };
}

/** The target draws once for each request, in the order in which it notices them. */
export function drawnOf(noticedNs: Float64Array, serviceMs: Distribution, seed: number): Float64Array {
  const random = prng(seed, 'service');
  const drawnMs = new Float64Array(noticedNs.length).fill(Number.NaN);
  const rows = [...noticedNs.keys()].filter((row) => !Number.isNaN(noticedNs[row]));
  for (const row of rows.sort((a, b) => noticedNs[a] - noticedNs[b])) drawnMs[row] = draw(serviceMs, random);
  return drawnMs;
}

/** The response times as a run stores them: a log with an interval per second, read back and added up. */
function loggedOf(plan: LoadPlan, generator: GeneratorReport): KnownTrial['logged'] {
  const seconds = secondsOf(plan, generator.requests, measuredRows(plan, generator));
  const { response } = intervalsOf(plan, generator, 'known', seconds);
  return merged(decodeHlog(hlogOf(response)));
}
