/**
 * Conservation laws over every trial that the self-test ran, one of its own among them in which
 * requests race, die and are sent again; and the properties that stored histograms are trusted for.
 */
import { prng } from '../base/prng.ts';
import type { PolicyChange } from '../contract/policy.ts';
import { type Bench, planOf } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { count } from './figures.ts';
import { histogramFindings, sampledHistograms } from './histogram-properties.ts';
import { judgeLaws } from './judge-laws.ts';
import { runFitting } from './run-fitting.ts';

const idleTimeoutMs = 60;
const clients = 40;
const endMs = 1_000;
const retry = { attemptsMax: 2, on: ['idle-race'] } as const;

export const checkLaws: Check = {
  id: 'laws',
  title: 'No request is lost between the plan, the client, and the target',
  lastsMs: 2_500,
  async run(bench: Bench): Promise<CheckResult> {
    const trial = {
      id: 'laws-racing',
      plan: racingPlan(bench.seed),
      target: { idleTimeoutMs },
      limits: { connectionsPerClientMax: 2 },
      rttMs: 6,
    };
    const policies: readonly PolicyChange[] = [{ retry }, { retry: { ...retry, connection: 'pooled' } }, {}];
    await runFitting(
      bench,
      policies.map((policy) => ({ policy, trial })),
    );
    const samples = sampledHistograms(bench.seed);
    return judgeLaws(
      bench.trials.map(({ result }) => result),
      histogramFindings(samples),
      `${count(samples.length)} random histograms`,
    );
  },
};

/** Gaps around the idle timeout: some requests die of the race and are sent again. */
function racingPlan(seed: number) {
  const random = prng(seed, 'selftest-laws');
  const requests = Array.from({ length: clients }, (_, client) => {
    const own = [];
    for (let atMs = 20 * random(); atMs < endMs; atMs += 45 + 30 * random()) own.push({ atMs, client });
    return own;
  });
  return planOf(requests.flat(), { endMs });
}
