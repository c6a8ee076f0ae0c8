/**
 * Tests the margin, which is the guarantee of eviction. The target stalls while requests are on their way to it,
 * for less and for more than the margin. On a quiet machine, "no request failed" proves nothing. Here a stall of
 * known length tries to fail them.
 */
import { faultCode } from '../contract/fault.ts';
import { type Bench, type PlannedRequest, planOf } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { conclude } from './conclude.ts';
import { judgeMargin, type MarginScenario } from './judge-margin.ts';

const idleTimeoutMs = 400;
const rttMs = 10;
const marginMs = 100;
const stallsMs = [40, 80, 160, 240];
/** Probes reach this close to the age at which their connection is not used again. */
const closeMs = 10;
/** A fresh connection's first answer takes one round trip more. */
const openedMs = 2 * rttMs;
const probeCount = 60;
const probeEveryMs = 2;
const warmupMs = 100;
/** From the request that stops the target to the first probe, at the client. */
const leadMs = 5;
const afterMs = 150;

export const checkMargin: Check = {
  id: 'margin',
  title: 'Under eviction, a stall fails requests only when it is longer than the margin',
  lastsMs: 5_500,
  async run(bench: Bench): Promise<CheckResult> {
    const scenarios = stallsMs.map(marginScenario);
    const results = await bench.runAll(
      scenarios.map(({ scenario: { plan, stallMs }, faults }) => ({
        id: `margin-${stallMs}`,
        plan,
        faults,
        rttMs,
        target: { idleTimeoutMs, faultMs: stallMs },
        policy: { connection: { idleTimeoutMs: idleTimeoutMs - marginMs } },
      })),
    );
    const judged = scenarios.map(({ scenario }, index) => judgeMargin(scenario, results[index]));
    const words = judged.map(({ died, looked }, index) => `${stallsMs[index]} ms: ${died} of ${looked}`);
    return conclude(
      judged.map(({ verdict }) => verdict),
      `With a margin of ${marginMs} ms, requests failed in stalls of these lengths: ${words.join(', ')}.`,
    );
  },
};

export function marginScenario(stallMs: number): { scenario: MarginScenario; faults: Uint8Array } {
  const ageMs = idleTimeoutMs - marginMs - closeMs;
  const requests: (PlannedRequest & { readonly probe?: true })[] = [];
  for (let index = 0; index < probeCount; index++) {
    const openMs = warmupMs + index * probeEveryMs;
    const client = index + 1;
    requests.push({ atMs: openMs, client }, { atMs: openMs + openedMs + ageMs, client, probe: true });
  }
  const frozenMs = warmupMs + openedMs + ageMs - leadMs;
  // Its connection is opened before, so that it does not wait for a handshake.
  requests.push({ atMs: warmupMs, client: 0 }, { atMs: frozenMs, client: 0 });
  const sorted = [...requests].sort((a, b) => a.atMs - b.atMs);
  const rowOf = (client: number, isProbe: boolean) =>
    sorted.findIndex((one) => one.client === client && (one.probe === true) === isProbe);
  const frozenRow = sorted.findIndex(({ client, atMs }) => client === 0 && atMs === frozenMs);
  const faults = new Uint8Array(sorted.length);
  faults[frozenRow] = faultCode.freeze;
  const endMs = frozenMs + probeCount * probeEveryMs + stallMs + afterMs;
  const probes = Array.from({ length: probeCount }, (_, index) => ({
    openRow: rowOf(index + 1, false),
    row: rowOf(index + 1, true),
  }));
  const plan = planOf(sorted, { warmupMs, endMs });
  return { scenario: { plan, idleTimeoutMs, marginMs, stallMs, frozenRow, probes }, faults };
}
