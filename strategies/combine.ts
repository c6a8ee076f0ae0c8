/**
 * Several policy changes as one policy. Two that set the same knob to different values are an error
 * that names both: whoever combines strategies must not get one of them by accident.
 */
import { inspect, isDeepStrictEqual } from 'node:util';
import { HarnessError } from '../harness/base/errors.ts';
import { knobRows, knobs } from '../harness/contract/knobs.ts';
import { knobValues, type Policy, type PolicyChange } from '../harness/contract/policy.ts';

export interface NamedChange {
  readonly label: string;
  readonly change: PolicyChange;
}

/** @throws HarnessError `strategy-conflict`; `strategy-broken` for a knob that does not exist or a value that cannot be. */
export function combinePolicies(reference: Policy, changes: readonly NamedChange[]): Policy {
  const setBy = new Map<string, { label: string; value: unknown }>();
  for (const { label, change } of changes) {
    const fault = changeFault(change);
    if (fault !== null)
      throw new HarnessError('strategy-broken', `Cannot use strategy "${label}": ${fault}.`);
    for (const [knob, value] of knobValues(change)) {
      const before = setBy.get(knob);
      if (before !== undefined && !isDeepStrictEqual(before.value, value)) {
        throw new HarnessError(
          'strategy-conflict',
          `"${before.label}" and "${label}" cannot be combined: both set ${knob}, to ${show(before.value)} and to ${show(value)}.`,
        );
      }
      setBy.set(knob, { label, value });
    }
  }
  const part = <Part extends keyof Policy>(name: Part): Policy[Part] =>
    Object.assign({}, reference[name], ...changes.map(({ change }) => change[name] ?? {}));
  return { connection: part('connection'), retry: part('retry'), server: part('server') };
}

/** Why a policy change is invalid; null when it is valid. The change may be any value that a user's file returned. */
export function changeFault(change: unknown): string | null {
  if (!isRecord(change)) return `its policy() returned ${show(change)}: expected an object of changes`;
  for (const [part, values] of Object.entries(change)) {
    if (!Object.hasOwn(knobs, part))
      return `it sets "${part}": there are only ${Object.keys(knobs).join(', ')}`;
    if (values === undefined) continue;
    if (!isRecord(values)) return `it sets ${part} = ${show(values)}: expected an object of knobs`;
    for (const [knob, value] of Object.entries(values)) {
      const fault = knobFault(`${part}.${knob}`, value);
      if (fault !== null) return fault;
    }
  }
  return null;
}

function knobFault(knob: string, value: unknown): string | null {
  const row = knobRows.get(knob);
  if (row === undefined) {
    return `it sets ${knob}: there is no such knob; there are: ${[...knobRows.keys()].join(', ')}`;
  }
  if (value === undefined) return `it sets ${knob} = undefined: a knob that is not set must be left out`;
  return row.allows(value) ? null : `it sets ${knob} = ${show(value)}: expected ${row.expected}`;
}

/** A value as a message quotes it, on one line. */
function show(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 1, maxStringLength: 80 });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise);
}
