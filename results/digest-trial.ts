/**
 * One trial boiled down to what the summary needs: counts and sorted times of the measured time.
 *
 * Warm-up rows are left out of everything here but the connections they opened. Response and
 * service times are those of requests that were answered with a status below 400; a request that
 * died has no response time, it has an outcome.
 */
import { nsPerMs, nsPerSecond } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { type Outcome, outcomeCode, outcomes } from '../harness/contract/outcome.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import type { HopSummary } from '../harness/contract/summary.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { hopOf } from './hop.ts';

export interface TrialDigest {
  /** Length of the measured time. */
  readonly measuredMs: number;
  readonly scheduled: number;
  readonly started: number;
  readonly ok: number;
  readonly failed: number;
  readonly attempts: number;
  readonly retries: number;
  readonly outcomes: Partial<Record<Outcome, number>>;
  readonly deaths: Partial<Record<Outcome, number>>;
  /** Requests whose first attempt died of the race. */
  readonly raced: number;
  /** Requests whose first attempt went out on a fresh connection. */
  readonly fresh: number;
  readonly responseMs: Float64Array;
  readonly serviceMs: Float64Array;
  /** Response time of every row of the measured time, in the plan's order; Infinity: failed or never sent. */
  readonly successMs: Float64Array;
  /** Of the same rows, 1: the client or the end of the trial gave up on it, so it is slower than any answer. */
  readonly gaveUp: Uint8Array;
  /** Empty in a closed loop, which has no intended times. */
  readonly latenessMs: Float64Array;
  readonly connectionsOpened: number;
  readonly openMax: number;
  readonly ledger: { lost: number; executedButFailed: number; executedTwice: number } | null;
  /** null without a balancer. */
  readonly hop: HopSummary | null;
}

/** Failures that are the slowness of an answer, or of a generator that could not send before the end of the trial. */
const limits: ReadonlySet<Outcome> = new Set(['timeout', 'connect-timeout', 'aborted', 'dropped']);

/** Rows of the measured time: intended in it, or in a closed loop started in it. */
export function measuredRows(plan: LoadPlan, generator: GeneratorReport): Uint32Array {
  const at = plan.loop === 'open' ? plan.intendedNs : generator.requests.startedNs;
  const rows: number[] = [];
  for (let row = 0; row < at.length; row++) if (at[row] >= plan.warmupNs) rows.push(row);
  return Uint32Array.from(rows);
}

export function digestTrial(plan: LoadPlan, trial: TrialResult, generator: GeneratorReport): TrialDigest {
  const { requests } = generator;
  const rows = measuredRows(plan, generator);
  const open = plan.loop === 'open';
  const responseMs: number[] = [];
  const serviceMs: number[] = [];
  const latenessMs: number[] = [];
  const successMs = new Float64Array(rows.length).fill(Number.POSITIVE_INFINITY);
  const gaveUp = new Uint8Array(rows.length);
  const outcomeCounts: Partial<Record<Outcome, number>> = {};
  let started = 0;
  let failed = 0;
  let attempts = 0;
  let fresh = 0;
  for (const [index, row] of rows.entries()) {
    const outcome = outcomes[requests.outcome[row]];
    outcomeCounts[outcome] = (outcomeCounts[outcome] ?? 0) + 1;
    gaveUp[index] = Number(limits.has(outcome));
    if (outcome === 'dropped') continue;
    started++;
    attempts += requests.attempts[row];
    // Without a moment of sending it never had a connection: it gave up in line.
    if (requests.reused[row] === 0 && !Number.isNaN(requests.sentNs[row])) fresh++;
    if (open) latenessMs.push((requests.startedNs[row] - plan.intendedNs[row]) / nsPerMs);
    if (outcome !== 'ok') {
      failed++;
      continue;
    }
    const from = open ? plan.intendedNs[row] : requests.startedNs[row];
    successMs[index] = (requests.doneNs[row] - from) / nsPerMs;
    responseMs.push(successMs[index]);
    serviceMs.push((requests.doneNs[row] - requests.sentNs[row]) / nsPerMs);
  }
  return {
    measuredMs: (plan.endNs - plan.warmupNs) / nsPerMs,
    scheduled: rows.length,
    started,
    ok: started - failed,
    failed,
    attempts,
    retries: attempts - started,
    outcomes: outcomeCounts,
    ...measuredDeaths(plan, generator),
    fresh,
    responseMs: Float64Array.from(responseMs).sort(),
    serviceMs: Float64Array.from(serviceMs).sort(),
    successMs,
    gaveUp,
    latenessMs: Float64Array.from(latenessMs).sort(),
    connectionsOpened: generator.connections.openedNs.reduce(
      (count, openedNs) => count + Number(openedNs >= plan.warmupNs),
      0,
    ),
    openMax: generator.counters.openMax,
    ledger: ledgerOf(trial, generator, rows),
    hop: trial.balancer === null ? null : hopOf(trial.balancer, rows),
  };
}

/** Is this row of the plan in the measured time? */
export function isMeasured(plan: LoadPlan, generator: GeneratorReport, row: number): boolean {
  return (plan.loop === 'open' ? plan.intendedNs[row] : generator.requests.startedNs[row]) >= plan.warmupNs;
}

function measuredDeaths(plan: LoadPlan, generator: GeneratorReport): Pick<TrialDigest, 'deaths' | 'raced'> {
  const { deaths } = generator;
  const counts: Partial<Record<Outcome, number>> = {};
  let raced = 0;
  for (let death = 0; death < deaths.request.length; death++) {
    if (!isMeasured(plan, generator, deaths.request[death])) continue;
    const outcome = outcomes[deaths.outcome[death]];
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcome === 'idle-race' && deaths.attempt[death] === 1) raced++;
  }
  return { deaths: counts, raced };
}

function ledgerOf(trial: TrialResult, generator: GeneratorReport, rows: Uint32Array): TrialDigest['ledger'] {
  if (trial.target === null) return null;
  const { executions } = trial.target.ledger;
  const { outcome } = generator.requests;
  const counts = { lost: 0, executedButFailed: 0, executedTwice: 0 };
  for (const row of rows) {
    const failed = outcome[row] !== outcomeCode.ok && outcome[row] !== outcomeCode.dropped;
    if (failed && executions[row] === 0) counts.lost++;
    // A status of 400 or more is an answer: the client knows that it was executed. Not so one that a balancer made.
    const isOwnAnswer = (trial.balancer?.ownAnswers[row] ?? 0) > 0;
    const knows = outcome[row] === outcomeCode.status && !isOwnAnswer;
    if (failed && executions[row] > 0 && !knows) counts.executedButFailed++;
    if (executions[row] > 1) counts.executedTwice++;
  }
  return counts;
}

/** Whole and begun seconds of the measured time. */
export function measuredSeconds(plan: LoadPlan): number {
  return Math.ceil((plan.endNs - plan.warmupNs) / nsPerSecond);
}
