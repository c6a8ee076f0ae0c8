/** What several client kinds make of the same knobs. */
import { type Carried, clientCarries, partly } from '../contract/carries.ts';
import type { Policy } from '../contract/policy.ts';

/** Carried out by the retry rule (`retry.ts`). */
export const retryRuleKnobs = ['attemptsMax', 'methods', 'on', 'backoffMs', 'idempotencyKey'] as const;

/** `connection.idleTimeoutMs` of pools that evict by timer alone. @param zero What the library takes 0 for. */
export function timerOnly(name: string, timers: string, zero: string): Carried<Policy> {
  return partly(({ connection: { idleTimeoutMs, idleCheck } }) => {
    if (idleTimeoutMs === 0) return `${name} ${zero}`;
    if (idleTimeoutMs === null || idleCheck === 'timer') return null;
    return `${name} has no age check at checkout, only ${timers}`;
  });
}

/** `connection.ageMaxMs` of libraries for which 0 is no limit. */
export function positiveAge(name: string): Carried<Policy> {
  return partly(({ connection: { ageMaxMs } }) =>
    ageMaxMs === 0 ? `${name} takes 0 for "no limit"; expected more than 0 ms` : null,
  );
}

export const zeroIsNever = 'takes 0 for "never"; expected more than 0 ms';

/** Of the lean client, which has no limits. */
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
