/** Waits for what a process of a trial was asked for, with a limit: one that is stopped never answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../base/errors.ts';
import type { HealthPart } from './stall-figures.ts';

/** A process that was held up for some seconds still answers. */
const answerWithinMs = 10_000;

const codes = {
  generator: 'generator-failed',
  wire: 'wire-failed',
  balancer: 'target-lost',
  target: 'target-lost',
} as const satisfies Record<HealthPart, string>;

/** @throws HarnessError when nothing comes in time; what `answer` rejects with. */
export async function answered<Value>(
  part: HealthPart,
  answer: Promise<Value>,
  withinMs = answerWithinMs,
): Promise<Value> {
  const inTime = new AbortController();
  const tooLate = sleep(withinMs, undefined, { signal: inTime.signal }).then(() => {
    throw new HarnessError(codes[part], `The ${part} did not answer within ${withinMs / 1_000} s.`);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    tooLate.catch(() => {}); // the answer came first
    inTime.abort();
  }
}
