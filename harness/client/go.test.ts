/** What the Go client refuses, and that it carries out everything else; its load is tested end to end. */
import { expect, test } from 'vitest';
import { type ConnectionPolicy, type Policy, referencePolicy } from '../contract/policy.ts';
import { go } from './go.ts';

const task = { loop: 'open', settings: 'policy', connectionsPerClientMax: 3 } as const;
const withConnection = (change: Partial<ConnectionPolicy>): Policy => {
  const reference = referencePolicy(60_000);
  return { ...reference, connection: { ...reference.connection, ...change } };
};

test.each<Partial<ConnectionPolicy>>([
  {},
  { reuse: false },
  { idleTimeoutMs: 500 },
  { tcpKeepAliveMs: 60_000 },
])('refusals() of %j: none', (change) => {
  expect(go.refusals(withConnection(change), task)).toEqual([]);
});

test.each<[Partial<ConnectionPolicy>, string]>([
  [{ idleTimeoutMs: 500, idleCheck: 'timer' }, 'connection.idleCheck'],
  [{ idleTimeoutMs: 0 }, 'connection.idleTimeoutMs'],
  [{ hintMarginMs: 1_000 }, 'connection.hintMarginMs'],
  [{ ageMaxMs: 5_000 }, 'connection.ageMaxMs'],
  [{ requestsMax: 10 }, 'connection.requestsMax'],
  [{ pick: 'fifo' }, 'connection.pick'],
])('refusals() of %j names %s', (change, knob) => {
  const [reason, ...others] = go.refusals(withConnection(change), task);
  expect([reason.split(':')[0], others]).toEqual([knob, []]);
});
