/** Reading option values, and waiting, as several commands need it. */
import { HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { parseDurationMs } from '../base/units.ts';

/** Milliseconds. @throws HarnessError `usage`. */
export function durationOption(option: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== null) return ms;
  throw new HarnessError(
    'usage',
    `Cannot use ${option} "${text}": expected a duration, for example "500ms" or "5s".`,
  );
}

/**
 * @param or What else the option takes, for the message: `, or auto`.
 * @throws HarnessError `usage` unless it is a whole number from `min` to `max`.
 */
export function wholeNumberOption(option: string, text: string, min: number, max: number, or = ''): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new HarnessError('usage', `Cannot use ${option} "${text}": expected a whole number ${range}${or}.`);
}

export function portOption(option: string, text: string): number {
  return wholeNumberOption(option, text, 0, 65_535);
}

export function untilInterrupted(host: Host): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  return promise.finally(host.onInterrupt(resolve));
}
