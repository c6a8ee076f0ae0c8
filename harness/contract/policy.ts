/**
 * A policy has a value for every knob: how a client manages its connections, and how a server treats idle ones. A
 * strategy is the smallest `PolicyChange` from the reference policy.
 */
import { type Knob, knobs } from './knobs.ts';
import { defaultsOf, type ValuesOf } from './setting.ts';

export type Policy = { readonly [Part in keyof typeof knobs]: ValuesOf<(typeof knobs)[Part]> };
export type ConnectionPolicy = Policy['connection'];
export type RetryPolicy = Policy['retry'];
export type ServerPolicy = Policy['server'];

/** The knobs that a strategy sets, and no others. */
export type PolicyChange = { readonly [Part in keyof Policy]?: Partial<Policy[Part]> };

/** The policy without any strategy: keep connections, do not check their age, never retry. */
export function referencePolicy(serverIdleTimeoutMs: number | null): Policy {
  return {
    connection: defaultsOf(knobs.connection),
    retry: defaultsOf(knobs.retry),
    server: { idleTimeoutMs: serverIdleTimeoutMs },
  };
}

export interface KnobChange {
  readonly knob: Knob;
  readonly value: unknown;
  readonly referenceValue: unknown;
}

/** The knobs in which two policies differ, in the order of the table. */
export function policyDifference(policy: Policy, reference: Policy): KnobChange[] {
  const before = new Map(knobValues(reference));
  return knobValues(policy)
    .map(([knob, value]) => ({ knob, value, referenceValue: before.get(knob) }))
    .filter(({ value, referenceValue }) => JSON.stringify(value) !== JSON.stringify(referenceValue));
}

/** Every knob that is set, with its value. */
export function knobValues(change: PolicyChange): [Knob, unknown][] {
  return Object.entries(change).flatMap(([part, values]) =>
    Object.entries(values ?? {}).map(([name, value]): [Knob, unknown] => [`${part}.${name}` as Knob, value]),
  );
}
