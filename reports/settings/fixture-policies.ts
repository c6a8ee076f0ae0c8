/** Policies as the built-in strategies make them, and some that only a user's own would, for tests. */
import {
  type ConnectionPolicy,
  type Policy,
  type PolicyChange,
  referencePolicy,
} from '../../harness/contract/policy.ts';
import type { ScenarioFacts } from '../../harness/contract/strategy.ts';

export const facts: ScenarioFacts = {
  serverIdleTimeoutMs: 5_000,
  peerIdleTimeoutMs: 5_000,
  rttMs: 1,
  serverLagMs: 30,
  clientLagMs: 20,
  gapMaxMs: 60_000,
};

export function policyOf(change: PolicyChange, { serverIdleTimeoutMs }: ScenarioFacts = facts): Policy {
  const reference = referencePolicy(serverIdleTimeoutMs);
  return {
    connection: { ...reference.connection, ...change.connection },
    retry: { ...reference.retry, ...change.retry },
    server: { ...reference.server, ...change.server },
  };
}

export const evictsAt = (idleTimeoutMs: number, more: Partial<ConnectionPolicy> = {}) =>
  policyOf({ connection: { idleTimeoutMs, ...more } });

const retry = { attemptsMax: 2, on: ['idle-race'] } as const;

export const policies = {
  reuse: policyOf({}),
  evict: evictsAt(4_949),
  'evict by timer': evictsAt(4_949, { idleCheck: 'timer' }),
  'evict by hint': evictsAt(4_949, { hintMarginMs: 51 }),
  'evict within a second': evictsAt(449),
  'evict at once': evictsAt(0),
  'short-lived': policyOf({ connection: { reuse: false } }),
  retry: policyOf({ retry }),
  'retry, pooled and careful': policyOf({
    retry: {
      ...retry,
      attemptsMax: 4,
      connection: 'pooled',
      methods: ['GET', 'PUT'],
      backoffMs: 20,
      idempotencyKey: true,
    },
  }),
  'evict and retry': policyOf({ connection: { idleTimeoutMs: 4_949 }, retry }),
  'long-idle': policyOf({ server: { idleTimeoutMs: 61_050.5 } }),
  'evict and long-idle': policyOf({
    connection: { idleTimeoutMs: 4_949 },
    server: { idleTimeoutMs: 61_051 },
  }),
  'tcp-probes': policyOf({ connection: { tcpKeepAliveMs: 1_500 } }),
  everything: policyOf({
    connection: {
      idleTimeoutMs: 4_949.9,
      hintMarginMs: 50.5,
      ageMaxMs: 60_000.5,
      requestsMax: 100,
      pick: 'fifo',
      tcpKeepAliveMs: 15_000,
    },
    retry: { ...retry, methods: ['GET', 'POST'], backoffMs: 10, idempotencyKey: true },
    server: { idleTimeoutMs: 65_000 },
  }),
} satisfies Readonly<Record<string, Policy>>;
