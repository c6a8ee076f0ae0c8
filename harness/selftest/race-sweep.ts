/**
 * The sweep of the race law: connections whose idle ages lie densely around the server's timeout, and
 * what the books say of each.
 *
 * A connection carries three requests. The first opens it. The second comes after a gap at which
 * nothing dies: its lags are those of the very moment. The third is the probe, after a gap from
 * T − 40 ms to T + 40 ms, on a grid with jitter. Connections start evenly, so that at any moment the
 * lags are known.
 */

import { type Prng, prng, shuffled } from '../base/prng.ts';
import { nsPerMs } from '../base/units.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { outcomeCode } from '../contract/outcome.ts';
import { planOf } from './bench.ts';
import type { TrialBooks } from './trial-books.ts';

export interface SweepSetup {
  readonly idleTimeoutMs: number;
  readonly rttMs: number;
  readonly connections: number;
  /** One connection starts after the other by this much. */
  readonly everyMs: number;
  /** Gaps reach this far to either side of the timeout. */
  readonly reachMs: number;
}

/** `fresh`: the client had noticed the close, and opened another connection. */
type ProbeFate = 'answered' | 'died' | 'fresh' | 'other';

/** Times in ms from the start of the trial. */
export interface Probe {
  /** From the client's reading of the answer before to the sending: measured, not planned. */
  readonly ageMs: number;
  readonly sentMs: number;
  /** The target's answer before, on its way to the client: R/2 + λc' of this connection. */
  readonly answerPathMs: number;
  readonly fate: ProbeFate;
  readonly executions: number;
}

/** Both ways of a second request, in ms from the start of the trial. */
export interface LagSample {
  readonly sentMs: number;
  readonly noticedMs: number;
  readonly answeredMs: number;
  readonly doneMs: number;
}

/** When a request was meant to be sent, and when it was let go, ms. */
export interface Departure {
  readonly intendedMs: number;
  readonly startedMs: number;
}

export interface Sweep {
  readonly probes: readonly Probe[];
  readonly lags: readonly LagSample[];
  /** All requests. */
  readonly departures: readonly Departure[];
  readonly timerLatenessMs: readonly number[];
  /** Connections that are left out because their first or second request did not come through. */
  readonly lost: number;
}

const warmupMs = 300;
const lagGapMs = 100;
/** Beyond the round trip an answer takes about this long. */
const answerMs = 2;

export interface SweepPlan {
  readonly plan: LoadPlan;
  /** Row of the first request of each connection's three, by client; a row is a request id. */
  readonly rows: readonly (readonly [number, number, number])[];
}

export function sweepPlan(setup: SweepSetup, seed: number): SweepPlan {
  const random = prng(seed, 'selftest-race-law');
  const gapsMs = gridOf(setup, random);
  // A fresh connection takes one round trip more.
  const requests = gapsMs.flatMap((gapMs, client) => {
    const openMs = client * setup.everyMs;
    const lagMs = openMs + 2 * setup.rttMs + answerMs + lagGapMs;
    return [openMs, lagMs, lagMs + setup.rttMs + gapMs].map((atMs) => ({ atMs, client }));
  });
  const endMs = Math.max(...requests.map(({ atMs }) => atMs)) + 1;
  const plan = planOf(requests, { warmupMs, endMs });
  const rows: number[][] = gapsMs.map(() => []);
  plan.client.forEach((client, row) => void rows[client].push(row));
  return { plan, rows: rows.map(([open, lag, probe]) => [open, lag, probe]) };
}

/** Evenly over the reach, each moved within its own cell, in random order. */
function gridOf({ idleTimeoutMs, connections, reachMs }: SweepSetup, random: Prng): number[] {
  const cellMs = (2 * reachMs) / connections;
  const gaps = Array.from(
    { length: connections },
    (_, index) => idleTimeoutMs - reachMs + cellMs * (index + random()),
  );
  return shuffled(gaps, random);
}

export function readSweep({ plan, rows }: SweepPlan, { generator, target }: TrialBooks): Sweep {
  const { requests, startNs } = generator;
  const { ledger } = target;
  const ms = (ns: number) => ns / nsPerMs;
  const answeredMs = (row: number) => ms(ledger.answeredNs[row] - startNs);
  const isGood = (row: number) => requests.outcome[row] === outcomeCode.ok && ledger.executions[row] === 1;
  const whole = rows.filter(([open, lag]) => isGood(open) && isGood(lag) && requests.reused[lag] === 1);
  return {
    probes: whole.map(([, lag, probe]) => ({
      // Of a fresh connection the client has no idle age: what it would have been.
      ageMs: ms(requests.sentNs[probe] - requests.doneNs[lag]),
      sentMs: ms(requests.sentNs[probe]),
      answerPathMs: ms(requests.doneNs[lag]) - answeredMs(lag),
      fate: fateOf(requests.outcome[probe], requests.reused[probe] === 1),
      executions: ledger.executions[probe],
    })),
    lags: whole.map(([, lag]) => ({
      sentMs: ms(requests.sentNs[lag]),
      noticedMs: ms(ledger.noticedNs[lag] - startNs),
      answeredMs: answeredMs(lag),
      doneMs: ms(requests.doneNs[lag]),
    })),
    departures: Array.from(plan.intendedNs, (intendedNs, row) => ({
      intendedMs: ms(intendedNs),
      startedMs: ms(requests.startedNs[row]),
    })),
    timerLatenessMs: Array.from(target.idleTimerLatenessNs, ms),
    lost: rows.length - whole.length,
  };
}

function fateOf(outcome: number, reused: boolean): ProbeFate {
  if (outcome === outcomeCode['idle-race'] && reused) return 'died';
  if (outcome !== outcomeCode.ok) return 'other';
  return reused ? 'answered' : 'fresh';
}
