/** The retry rule, the same for every client kind: pure, so that it can be read and tested as a table. */
import type { Outcome } from '../contract/outcome.ts';
import type { RetryPolicy } from '../contract/policy.ts';

export type RetryDecision =
  | { readonly again: false }
  | { readonly again: true; readonly fresh: boolean; readonly waitMs: number };

const never: RetryDecision = { again: false };

/** @param attempt The attempt that died, from 1. */
export function decideRetry(
  policy: RetryPolicy,
  method: string,
  attempt: number,
  outcome: Outcome,
): RetryDecision {
  if (attempt >= policy.attemptsMax || !policy.on.includes(outcome)) return never;
  if (policy.methods !== null && !policy.methods.includes(method)) return never;
  return {
    again: true,
    fresh: policy.connection === 'fresh',
    waitMs: policy.backoffMs * 2 ** (attempt - 1),
  };
}
