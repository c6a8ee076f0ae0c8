/**
 * One trial boiled down to what the summary needs: counts and distributions of times of the measured time, in bounded
 * memory.
 *
 * Warm-up rows are left out of everything here but the connections they opened. Response and
 * service times are those of requests that were answered with a status below 400; a request that
 * died has no response time, it has an outcome.
 */
import { type Times, timesOf } from '../harness/base/statistics/times.ts';
import { nsPerMs } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { type Outcome, outcomeCode, outcomes } from '../harness/contract/outcome.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import type { HopSummary } from '../harness/contract/summary.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { clientSample } from '../harness/model/law/client-sample.ts';
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
  /** The same, and requests started, of the clients that the race law replays (`client-sample.ts`). */
  readonly replayable: { readonly raced: number; readonly started: number };
  /** Requests whose first attempt went out on a fresh connection. */
  readonly fresh: number;
  readonly responseMs: Times;
  readonly serviceMs: Times;
  /** Empty in a closed loop, which has no intended times. */
  readonly latenessMs: Times;
  readonly connectionsOpened: number;
  readonly openMax: number;
  readonly ledger: { lost: number; executedButFailed: number; executedTwice: number } | null;
  /** null without a balancer. */
  readonly hop: HopSummary | null;
  /** Of the whole trial, warm-up included. */
  readonly startedInAll: number;
  /** Of the generator. */
  readonly cpuShare: number;
  readonly eventLoopDelayMsP99: number;
}

/** What became of each request of the measured time, in the plan's order: kept only until its round is compared. */
export interface Fates {
  /** Response time; Infinity: failed or never sent. */
  readonly successMs: Float64Array;
  /** 1: the client or the end of the trial gave up on it, so it is slower than any answer. */
  readonly gaveUp: Uint8Array;
}

/** Failures that are the slowness of an answer, or of a generator that could not send before the end of the trial. */
const limits: ReadonlySet<Outcome> = new Set(['timeout', 'connect-timeout', 'aborted', 'dropped']);

/** Rows of the measured time: intended in it, or in a closed loop started in it. */
export function measuredRows(plan: LoadPlan, generator: GeneratorReport): Uint32Array {
  const at = plan.loop === 'open' ? plan.intendedNs : generator.requests.startedNs;
  const rows = new Uint32Array(at.length);
  let count = 0;
  for (let row = 0; row < at.length; row++) if (at[row] >= plan.warmupNs) rows[count++] = row;
  return rows.subarray(0, count);
}

export function fatesOf(
  plan: LoadPlan,
  generator: GeneratorReport,
  rows = measuredRows(plan, generator),
): Fates {
  const { requests } = generator;
  const from = plan.loop === 'open' ? plan.intendedNs : requests.startedNs;
  const successMs = new Float64Array(rows.length);
  const gaveUp = new Uint8Array(rows.length);
  const isLimit = Uint8Array.from(outcomes, (outcome) => Number(limits.has(outcome)));
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    const outcome = requests.outcome[row];
    gaveUp[index] = isLimit[outcome];
    successMs[index] =
      outcome === outcomeCode.ok ? (requests.doneNs[row] - from[row]) / nsPerMs : Number.POSITIVE_INFINITY;
  }
  return { successMs, gaveUp };
}

export function digestTrial(
  plan: LoadPlan,
  trial: TrialResult,
  generator: GeneratorReport,
  rows = measuredRows(plan, generator),
): TrialDigest {
  const { requests } = generator;
  const { startedNs, sentNs, doneNs, outcome, attempts: attemptsOf, reused } = requests;
  const open = plan.loop === 'open';
  const fromNs = open ? plan.intendedNs : startedNs;
  const [responseMs, serviceMs, latenessMs] = [0, 0, 0].map(() => new Float64Array(rows.length));
  const outcomeCounts = new OutcomeCounts();
  const sample = clientSample(plan);
  let started = 0;
  let startedOfSample = 0;
  let ok = 0;
  let attempts = 0;
  let fresh = 0;
  for (const row of rows) {
    outcomeCounts.add(outcome[row]);
    if (outcome[row] === outcomeCode.dropped) continue;
    // Without a moment of sending it never had a connection: it gave up in line.
    if (reused[row] === 0 && !Number.isNaN(sentNs[row])) fresh++;
    if (open) latenessMs[started] = (startedNs[row] - fromNs[row]) / nsPerMs;
    attempts += attemptsOf[row];
    started++;
    startedOfSample += sample[plan.client[row]];
    if (outcome[row] !== outcomeCode.ok) continue;
    responseMs[ok] = (doneNs[row] - fromNs[row]) / nsPerMs;
    serviceMs[ok++] = (doneNs[row] - sentNs[row]) / nsPerMs;
  }
  const { deaths, raced, racedOfSample } = measuredDeaths(plan, generator, sample);
  return {
    measuredMs: (plan.endNs - plan.warmupNs) / nsPerMs,
    scheduled: rows.length,
    started,
    ok,
    failed: started - ok,
    attempts,
    retries: attempts - started,
    outcomes: outcomeCounts.byName(),
    deaths,
    raced,
    replayable: { raced: racedOfSample, started: startedOfSample },
    fresh,
    responseMs: timesOf(responseMs.subarray(0, ok)),
    serviceMs: timesOf(serviceMs.subarray(0, ok)),
    latenessMs: timesOf(latenessMs.subarray(0, open ? started : 0)),
    connectionsOpened: generator.connections.openedNs.reduce(
      (count, openedNs) => count + Number(openedNs >= plan.warmupNs),
      0,
    ),
    openMax: generator.counters.openMax,
    ledger: ledgerOf(trial, generator, rows),
    hop: trial.balancer === null ? null : hopOf(trial.balancer, rows),
    startedInAll: generator.counters.started,
    cpuShare: generator.cpuShare,
    eventLoopDelayMsP99: generator.eventLoopDelayMsP99,
  };
}

/** Is this row of the plan in the measured time? */
export function isMeasured(plan: LoadPlan, generator: GeneratorReport, row: number): boolean {
  return (plan.loop === 'open' ? plan.intendedNs[row] : generator.requests.startedNs[row]) >= plan.warmupNs;
}

function measuredDeaths(plan: LoadPlan, generator: GeneratorReport, sample: Uint8Array) {
  const { request, outcome, attempt } = generator.deaths;
  const counts = new OutcomeCounts();
  let raced = 0;
  let racedOfSample = 0;
  for (let death = 0; death < request.length; death++) {
    if (!isMeasured(plan, generator, request[death])) continue;
    counts.add(outcome[death]);
    if (outcome[death] !== outcomeCode['idle-race'] || attempt[death] !== 1) continue;
    raced++;
    racedOfSample += sample[plan.client[request[death]]];
  }
  return { deaths: counts.byName(), raced, racedOfSample };
}

/** By outcome, in the order in which they first occurred. */
class OutcomeCounts {
  readonly #counts = new Uint32Array(outcomes.length);
  readonly #seen: number[] = [];

  add(code: number): void {
    if (this.#counts[code]++ === 0) this.#seen.push(code);
  }

  byName(): Partial<Record<Outcome, number>> {
    return Object.fromEntries(this.#seen.map((code) => [outcomes[code], this.#counts[code]]));
  }
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
