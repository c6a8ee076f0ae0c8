/** Waits for the answer of a trial's process, with a time limit, because a stopped process never answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../base/errors.ts';
import type { HealthPart } from './stall-figures.ts';

/** A process that was held up for some seconds still answers. */
const answerWithinMs = 10_000;

/** @throws HarnessError `wire-failed` or `generator-failed`, or an Error, when nothing comes in time; what `answer` rejects with. */
export async function answered<Value>(
  part: HealthPart,
  answer: Promise<Value>,
  withinMs = answerWithinMs,
): Promise<Value> {
  const inTime = new AbortController();
  const tooLate = sleep(withinMs, undefined, { signal: inTime.signal }).then(() => {
    const why = `the ${part} did not answer within ${withinMs / 1_000} s`;
    if (part === 'wire') throw new HarnessError('wire-failed', `The wire does not run: ${why}.`);
    if (part === 'generator')
      throw new HarnessError('generator-failed', `The generator does not run: ${why}.`);
    throw new Error(why);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    tooLate.catch(() => {}); // the answer came first
    inTime.abort();
  }
}
