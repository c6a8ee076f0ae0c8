/**
 * Several policy changes as one policy. Two that set the same knob to different values are an error
 * that names both: whoever combines strategies must not get one of them by accident.
 */
import { HarnessError } from '../harness/base/errors.ts';
import type { Policy, PolicyChange } from '../harness/contract/policy.ts';

export interface NamedChange {
  readonly label: string;
  readonly change: PolicyChange;
}

/** @throws HarnessError `strategy-conflict`; `strategy-broken` for a knob that does not exist or a value that cannot be. */
export function combinePolicies(reference: Policy, changes: readonly NamedChange[]): Policy {
  const setBy = new Map<string, { label: string; value: unknown }>();
  for (const { label, change } of changes) {
    for (const [knob, value] of knobs(change)) {
      checkKnob(reference, label, knob, value);
      const before = setBy.get(knob);
      if (before !== undefined && JSON.stringify(before.value) !== JSON.stringify(value)) {
        throw new HarnessError(
          'strategy-conflict',
          `"${before.label}" and "${label}" cannot be combined: both set ${knob}, to ${JSON.stringify(before.value)} and to ${JSON.stringify(value)}.`,
        );
      }
      setBy.set(knob, { label, value });
    }
  }
  const part = <Part extends keyof Policy>(name: Part): Policy[Part] =>
    Object.assign({}, reference[name], ...changes.map(({ change }) => change[name] ?? {}));
  return { connection: part('connection'), retry: part('retry'), server: part('server') };
}

/** `connection.idleTimeoutMs` → value, for every knob that the change sets. */
function knobs(change: PolicyChange): [string, unknown][] {
  return Object.entries(change).flatMap(([part, values]) =>
    Object.entries(values ?? {}).map(([knob, value]): [string, unknown] => [`${part}.${knob}`, value]),
  );
}

function checkKnob(reference: Policy, label: string, knob: string, value: unknown): void {
  const broken = (why: string) =>
    new HarnessError(
      'strategy-broken',
      `Strategy "${label}" sets ${knob} = ${JSON.stringify(value)}: ${why}.`,
    );
  const known = knobs(reference).map(([name]) => name);
  if (!known.includes(knob)) throw broken(`there is no such knob; there are: ${known.join(', ')}`);
  if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0)) {
    throw broken('a finite number of at least 0 is wanted');
  }
  if (value === undefined) throw broken('a knob that is not set must be left out');
}
