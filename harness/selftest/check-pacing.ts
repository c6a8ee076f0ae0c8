/**
 * Pacing: what the plan says is sent, once, when it says so. The sender's own opinion is held against
 * the moments at which the target noticed each request, which no mistake of the sender can make good.
 */
import type { LoadPlan } from '../contract/load-plan.ts';
import { type Bench, planOf } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { concludePacing, judgePacing, type PacedRate } from './judge-pacing.ts';
import { complaints } from './laws-finding.ts';
import { booksOf } from './trial-books.ts';

const ratesPerSecond = [100, 1_000, 10_000];
const warmupMs = 300;
const durationMs = 1_500;
const clients = 50;

export const checkPacing: Check = {
  id: 'pacing',
  title: 'Requests leave when the plan says, as the target saw them',
  lastsMs: 7_000,
  async run(bench: Bench): Promise<CheckResult> {
    const rates: PacedRate[] = [];
    for (const ratePerSecond of ratesPerSecond) rates.push(await paced(bench, ratePerSecond));
    return concludePacing(rates.map(judgePacing));
  },
};

async function paced(bench: Bench, ratePerSecond: number): Promise<PacedRate> {
  const plan = pacedPlan(ratePerSecond);
  const empty = { responseBytes: { kind: 'fixed', value: 0 } } as const;
  const result = await bench.run({ id: `pacing-${ratePerSecond}`, plan, target: empty });
  const { generator, target } = booksOf(result);
  return {
    ratePerSecond,
    warmupNs: plan.warmupNs,
    intendedNs: plan.intendedNs,
    outcome: generator.requests.outcome,
    sentNs: generator.requests.sentNs,
    startedNs: generator.requests.startedNs,
    noticedNs: target.ledger.noticedNs.map((atNs) => atNs - generator.startNs),
    executions: target.ledger.executions,
    complaints: complaints(result),
  };
}

/** Evenly spaced. The warm-up has half the rate, so that no queue from a cold start is left. */
function pacedPlan(ratePerSecond: number): LoadPlan {
  const atMs: number[] = [];
  const everyMs = 1_000 / ratePerSecond;
  for (let step = 0; step * 2 * everyMs < warmupMs; step++) atMs.push(step * 2 * everyMs);
  for (let step = 0; step * everyMs < durationMs; step++) atMs.push(warmupMs + step * everyMs);
  const requests = atMs.map((at, index) => ({ atMs: at, client: index % clients }));
  return planOf(requests, { warmupMs, endMs: warmupMs + durationMs });
}
