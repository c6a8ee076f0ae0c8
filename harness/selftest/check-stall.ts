/**
 * The stall: a target that stands still must show in the response times of all requests that were
 * meant to be sent meanwhile, whether or not there was a connection to send them on. That is what
 * tools that wait for an answer before they send leave out (coordinated omission): on a small pool
 * the time from sending to answer shows no more slow answers than the pool has connections.
 */
import { faultCode } from '../contract/fault.ts';
import { type Bench, type PlannedRequest, planOf } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { conclude } from './conclude.ts';
import { judgeStall, type StallScenario, slowCounts } from './judge-stall.ts';

const stallMs = 3_000;
const durationMs = 6_000;
/**
 * 6.7 requests per second, few on purpose: the backlog must be worked off in far less than 2 % of the
 * shortest wait that is looked at, 300 ms, also by a machine that takes 0.1 ms for each.
 */
const periodMs = 150;
/** The stall begins after this much of the measured time. */
const calmMs = 1_050;
const limitedPool = 4;

/** Opens the connections and makes the code warm, and ends early enough to be forgotten. */
const warmup = { openMs: 20, burstsFromMs: 200, burstsToMs: 950, burstEveryMs: 10, burst: 22, endMs: 1_150 };

export const checkStall: Check = {
  id: 'stall',
  title: 'A stall shows in full, for every request that had to wait',
  lastsMs: 15_500,
  async run(bench: Bench): Promise<CheckResult> {
    const verdicts = [];
    const counts = [];
    for (const connectionsMax of [null, limitedPool]) {
      const { scenario, faults } = stallScenario(connectionsMax);
      const { plan } = scenario;
      const id = connectionsMax === null ? 'stall-unlimited' : `stall-${connectionsMax}`;
      const limits = { connectionsPerClientMax: connectionsMax };
      const trial = await bench.run({ id, plan, faults, target: { faultMs: stallMs }, limits });
      verdicts.push(judgeStall(scenario, trial));
      counts.push(slowCounts(scenario, trial));
    }
    const limited = counts[1];
    return conclude(
      verdicts,
      `A stall of ${stallMs / 1_000} s in ${durationMs / 1_000} s; with ${limitedPool} connections ${limited.response} requests had to wait, of which service time alone shows ${limited.service}.`,
    );
  },
};

/** @param connectionsMax null: no limit. */
export function stallScenario(connectionsMax: number | null): {
  scenario: StallScenario;
  faults: Uint8Array;
} {
  const { openMs, burstsFromMs, burstsToMs, burstEveryMs, burst, endMs: warmupMs } = warmup;
  const requests: PlannedRequest[] = burstAt(openMs, burst);
  for (let atMs = burstsFromMs; atMs < burstsToMs; atMs += burstEveryMs)
    requests.push(...burstAt(atMs, burst));
  const warmupRows = requests.length;
  for (let afterMs = 0; afterMs < durationMs; afterMs += periodMs) {
    requests.push({ atMs: warmupMs + afterMs, client: 0 });
  }
  const faults = new Uint8Array(requests.length);
  // A harmless fault now and then, so that the way that faults take is warm too.
  for (let row = 0; row < warmupRows; row += 20) faults[row] = faultCode['hint-too-long'];
  const frozenRow = warmupRows + calmMs / periodMs;
  faults[frozenRow] = faultCode.freeze;
  const plan = planOf(requests, { warmupMs, endMs: warmupMs + durationMs });
  return { scenario: { plan, stallMs, periodMs, frozenRow, connectionsMax }, faults };
}

function burstAt(atMs: number, count: number): PlannedRequest[] {
  return Array.from({ length: count }, () => ({ atMs, client: 0 }));
}
