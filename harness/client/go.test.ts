/** What the Go client refuses, and that it carries out everything else; its load is tested end to end. */
import { expect, test } from 'vitest';
import { changedKnobs, refusalsOf } from '../contract/carries.ts';
import { type ConnectionPolicy, type Policy, referencePolicy } from '../contract/policy.ts';
import { go } from './go.ts';

const withConnection = (change: Partial<ConnectionPolicy>): Policy => {
  const reference = referencePolicy(60_000);
  return { ...reference, connection: { ...reference.connection, ...change } };
};

const refused = (change: Partial<ConnectionPolicy>) => {
  const policy = withConnection(change);
  return refusalsOf(go.carries, changedKnobs(policy, 60_000), policy);
};

test.each<Partial<ConnectionPolicy>>([
  {},
  { reuse: false },
  { idleTimeoutMs: 500 },
  { tcpKeepAliveMs: 60_000 },
])('refusalsOf() of %j: none', (change) => {
  expect(refused(change)).toEqual([]);
});

test.each<[Partial<ConnectionPolicy>, string]>([
  [{ idleTimeoutMs: 500, idleCheck: 'timer' }, 'connection.idleCheck'],
  [{ idleTimeoutMs: 0 }, 'connection.idleTimeoutMs'],
  [{ hintMarginMs: 1_000 }, 'connection.hintMarginMs'],
  [{ ageMaxMs: 5_000 }, 'connection.ageMaxMs'],
  [{ requestsMax: 10 }, 'connection.requestsMax'],
  [{ pick: 'fifo' }, 'connection.pick'],
])('refusalsOf() of %j names %s', (change, knob) => {
  const [reason, ...others] = refused(change);
  expect([reason.split(':')[0], others]).toEqual([knob, []]);
});
