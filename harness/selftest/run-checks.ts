/**
 * Runs checks one after the other within a time limit. What stops a check is a result too: a
 * machine that is too slow refuses, and a part of the harness that breaks down has failed.
 *
 * A refusal is not an answer, so while there is time the check is asked once more. A failure is one,
 * and is final: nothing that was wrong once is tried until it is right.
 */
import { HarnessError } from '../base/errors.ts';
import type { Bench } from './bench.ts';
import type { Check, CheckResult } from './check.ts';

/** The reason that the run's signal is aborted with when its time is over. */
export class TimeOver extends Error {}

export interface CheckOutcome extends CheckResult {
  readonly id: string;
  readonly title: string;
  readonly tookMs: number;
  /** 2 when it refused at first. */
  readonly attempts: number;
}

export interface CheckClock {
  nowMs(): number;
  /** When the run's time is over. */
  readonly endsMs: number;
  onStart(check: Check): void;
}

/** @throws The signal's reason when it is aborted for any other reason than `TimeOver`. */
export async function* runChecks(
  checks: readonly Check[],
  bench: Bench,
  signal: AbortSignal,
  clock: CheckClock,
): AsyncGenerator<CheckOutcome> {
  for (const [index, check] of checks.entries()) {
    clock.onStart(check);
    const startedMs = clock.nowMs();
    let result = await resultOf(check, bench, signal);
    const laterMs = checks.slice(index).reduce((sum, { lastsMs }) => sum + lastsMs, 0);
    const isTimeLeft = clock.endsMs - clock.nowMs() > laterMs + spareMs;
    const again = result.status === 'refused' && isTimeLeft;
    if (again) result = await resultOf(check, bench, signal);
    const tookMs = clock.nowMs() - startedMs;
    yield { id: check.id, title: check.title, tookMs, attempts: again ? 2 : 1, ...result };
  }
}

/** Checks on a busy machine take longer than they say. */
const spareMs = 4_000;

async function resultOf(check: Check, bench: Bench, signal: AbortSignal): Promise<CheckResult> {
  try {
    signal.throwIfAborted();
    const result = await check.run(bench);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    if (signal.aborted) {
      if (!(signal.reason instanceof TimeOver)) throw signal.reason;
      return {
        status: 'refused',
        summary: 'It did not come to an end.',
        findings: [],
        healthReasons: [signal.reason.message],
      };
    }
    if (!(error instanceof HarnessError)) throw error;
    const measured = `${error.message} [${error.code}]`;
    return {
      status: 'failed',
      summary: 'It could not be carried out.',
      findings: [{ what: 'the check', expected: 'runs to its end', measured, held: false }],
      healthReasons: [],
    };
  }
}
