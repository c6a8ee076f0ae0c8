/**
 * A trial under the first of several policies that the client kind can carry out: what a client cannot do it
 * refuses by name, before the load or when its driver is asked to prepare, and the check goes without.
 */
import { combinePolicies } from '../../strategies/combine.ts';
import { HarnessError } from '../base/errors.ts';
import { findClient } from '../client/index.ts';
import { changedKnobs, refusalsOf } from '../contract/carries.ts';
import { type PolicyChange, referencePolicy } from '../contract/policy.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { Bench, BenchTrial } from './bench.ts';

/** One of the policies, best first, and what goes with it. */
export interface FittingTrial {
  readonly policy: PolicyChange;
  readonly trial: Omit<BenchTrial, 'policy'>;
}

/** @returns null in place of a result: the client refuses every one of them, for the reasons of the last. */
export async function runFitting<Wanted extends FittingTrial>(
  bench: Bench,
  wanted: readonly Wanted[],
): Promise<
  { readonly ran: Wanted; readonly result: TrialResult } | { readonly ran: null; readonly why: string }
> {
  const kind = findClient(bench.clientKind);
  let why = '';
  for (const one of wanted) {
    const { policy: change, trial } = one;
    const policy = combinePolicies(referencePolicy(null), [{ label: trial.id, change }]);
    const refusals = refusalsOf(kind.carries, changedKnobs(policy, null), policy);
    why = refusals.join('; ');
    if (refusals.length > 0) continue;
    try {
      return { ran: one, result: await bench.run({ ...trial, policy: change }) };
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== 'strategy-refused') throw error;
      why = error.message;
    }
  }
  return { ran: null, why };
}
