/**
 * What a client really does, found out by giving it situations that tell: pure parts. Load plans made by hand, and
 * what their trials say.
 */
import { prng } from '../../harness/base/prng.ts';
import type { LoadPlan } from '../../harness/contract/load-plan.ts';
import { outcomeCode } from '../../harness/contract/outcome.ts';
import type { GeneratorReport } from '../../harness/contract/samples.ts';
import { planOf } from '../../harness/selftest/bench.ts';

export const raceIdleTimeoutMs = 500;
const raceClients = 80;
const raceGaps = 6;

/** Gaps uniform in 450 … 550 ms, the same each time, so that about a tenth lies in a window of 10 ms. */
export function racePlan(method: string): LoadPlan {
  const requests = Array.from({ length: raceClients }, (_, client) => {
    const random = prng('clients', client);
    let atMs = 20 + client * 5;
    const own = [{ atMs, client }];
    for (let gap = 0; gap < raceGaps; gap++) {
      atMs += 450 + 100 * random();
      own.push({ atMs, client });
    }
    return own;
  }).flat();
  return planOf(requests, { endMs: 20 + raceClients * 5 + raceGaps * 550, method });
}

export interface RaceAccount {
  readonly requests: number;
  readonly failed: number;
  /** Attempts beyond the first that the client made by itself. */
  readonly sentAgain: number;
}

export function raceAccount({ requests, counters }: GeneratorReport): RaceAccount {
  const failed = requests.outcome.filter((code) => code !== outcomeCode.ok).length;
  const attempts = requests.attempts.reduce((sum, own) => sum + own, 0);
  return { requests: counters.started, failed, sentAgain: attempts - counters.started };
}

/** What the server hints; nobody waits as long. */
export const hintSeconds = 3;
const hintGapsMs = { from: 2_400, to: 2_900 } as const;
const hintClients = 20;

/** Two requests a client, with gaps below the hint and above what is left of it when a margin of 0.6 s is taken off. */
export function hintPlan(): LoadPlan {
  const stepMs = (hintGapsMs.to - hintGapsMs.from) / hintClients;
  const requests = Array.from({ length: hintClients }, (_, client) => {
    const atMs = 20 + client * 5;
    return [
      { atMs, client },
      { atMs: atMs + hintGapsMs.from + client * stepMs, client },
    ];
  }).flat();
  return planOf(requests, { endMs: hintGapsMs.to + 200 });
}

/** How many of the second requests found a connection that was still believed in. */
export function reusedSeconds({ requests }: GeneratorReport): {
  readonly reused: number;
  readonly of: number;
} {
  return { reused: requests.reused.reduce((sum, one) => sum + one, 0), of: hintClients };
}

export const orderServiceMs = 40;

/** Three requests that overlap, so that each has a connection; then two alone, when all three are idle. */
export function orderPlan(): LoadPlan {
  const atMs = [50, 60, 70, 300, 450];
  return planOf(
    atMs.map((at) => ({ atMs: at, client: 0 })),
    { endMs: 600 },
  );
}

export type PoolOrder = 'LIFO' | 'FIFO' | 'by index' | 'another' | 'no pool';

/**
 * Which idle connection is taken: the one used last, the one idle longest, or always the first. Of those that it
 * kept: a small pool has closed the last one by then.
 */
export function poolOrder({ requests, connections }: GeneratorReport): PoolOrder {
  const [first, second, third, fourth, fifth] = requests.connection;
  const last = connections.closedNs[third] < requests.startedNs[3] ? second : third;
  if (new Set([first, second, third]).size < 3) return 'another';
  if (requests.reused[3] === 0 || requests.reused[4] === 0) return 'no pool';
  if (fourth === last && fifth === last) return 'LIFO';
  if (fourth === first && fifth === second) return 'FIFO';
  if (fourth === first && fifth === first) return 'by index';
  return 'another';
}
