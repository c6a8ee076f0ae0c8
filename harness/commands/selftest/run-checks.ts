/**
 * Runs checks one after the other within a time limit. What stops a check is a result too: a
 * machine that is too slow refuses, and a part of the harness that breaks down has failed.
 */
import { HarnessError } from '../../base/errors.ts';
import type { Bench } from './bench.ts';
import type { Check, CheckResult } from './check.ts';

/** The reason that the run's signal is aborted with when its time is over. */
export class TimeOver extends Error {}

export interface CheckOutcome extends CheckResult {
  readonly id: string;
  readonly title: string;
  readonly tookMs: number;
}

/** @throws The signal's reason when it is aborted for any other reason than `TimeOver`. */
export async function* runChecks(
  checks: readonly Check[],
  bench: Bench,
  signal: AbortSignal,
  clock: { nowMs(): number; onStart(check: Check): void },
): AsyncGenerator<CheckOutcome> {
  for (const check of checks) {
    clock.onStart(check);
    const startedMs = clock.nowMs();
    const result = await resultOf(check, bench, signal);
    yield { id: check.id, title: check.title, tookMs: clock.nowMs() - startedMs, ...result };
  }
}

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
