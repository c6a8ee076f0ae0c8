/**
 * Several policy changes as one policy. Two that set the same knob to different values are an error
 * that names both: whoever combines strategies must not get one of them by accident.
 */
import { isDeepStrictEqual } from 'node:util';
import { HarnessError } from '../harness/base/errors.ts';
import type { Policy, PolicyChange } from '../harness/contract/policy.ts';
import { changeFault, show } from './knob-rules.ts';

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
    for (const [knob, value] of knobs(change)) {
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

/** `connection.idleTimeoutMs` → value, for every knob that is set. */
export function knobs(change: PolicyChange): [string, unknown][] {
  return Object.entries(change).flatMap(([part, values]) =>
    Object.entries(values ?? {}).map(([knob, value]): [string, unknown] => [`${part}.${knob}`, value]),
  );
}
