/** Entries that the knob tables of several client kinds share. */
import { type Carried, clientCarries, partly } from '../contract/carries.ts';
import type { Policy } from '../contract/policy.ts';

/** Knobs that the retry rule (`retry.ts`) carries out. */
export const retryRuleKnobs = ['attemptsMax', 'methods', 'on', 'backoffMs', 'idempotencyKey'] as const;

/** `connection.idleTimeoutMs` of pools that evict by timer alone. @param zero What the library does with 0. */
export function timerOnly(name: string, timers: string, zero: string): Carried<Policy> {
  return partly(({ connection: { idleTimeoutMs, idleCheck } }) => {
    if (idleTimeoutMs === 0) return `${name} ${zero}`;
    if (idleTimeoutMs === null || idleCheck === 'timer') return null;
    return `${name} evicts by ${timers} only and does not check the age at checkout`;
  });
}

/** `connection.ageMaxMs` of libraries that treat 0 as "no limit". */
export function positiveAge(name: string): Carried<Policy> {
  return partly(({ connection: { ageMaxMs } }) =>
    ageMaxMs === 0 ? `${name} treats 0 as "no limit"; expected more than 0 ms` : null,
  );
}

export const zeroIsNever = 'treats 0 as "never"; expected more than 0 ms';

/** The table of the lean client, which carries out every knob. */
export const everyKnob = clientCarries(
  {
    connection: [
      'reuse',
      'idleTimeoutMs',
      'idleCheck',
      'hintMarginMs',
      'ageMaxMs',
      'requestsMax',
      'pick',
      'tcpKeepAliveMs',
    ],
    retry: ['connection', ...retryRuleKnobs],
  },
  {},
);
