/** What only the lean client can carry out: ages, hints, limits, and which connection is taken. */
import { expect, test } from 'vitest';
import { changedKnobs, refusalsOf } from '../contract/carries.ts';
import { type ConnectionPolicy, referencePolicy } from '../contract/policy.ts';
import type { CloseCause } from '../contract/samples.ts';
import type { LeanConnection } from './lean-connection.ts';
import { nodeHttp } from './node-http.ts';
import { Pool } from './pool.ts';
import { decideRetry } from './retry.ts';

const ms = 1e6;

/** What the pool looks at of a connection. */
interface Idle {
  readonly name: string;
  readonly idleSinceNs: number;
  readonly openedNs: number;
  readonly idleTimeoutNs: number;
}

function pool(policy: Partial<ConnectionPolicy>) {
  const evicted: [string, CloseCause][] = [];
  const nameOf = (connection: LeanConnection) => (connection as unknown as Idle).name;
  const own = new Pool({ ...referencePolicy(1_000).connection, ...policy }, (connection, cause) => {
    evicted.push([nameOf(connection), cause]);
  });
  return {
    evicted,
    give(name: string, idleSinceMs: number, idleTimeoutMs = Number.POSITIVE_INFINITY, openedMs = 0) {
      const idle: Idle = {
        name,
        idleSinceNs: idleSinceMs * ms,
        openedNs: openedMs * ms,
        idleTimeoutNs: idleTimeoutMs * ms,
      };
      own.give(idle as unknown as LeanConnection);
    },
    take(atMs: number) {
      const connection = own.take(atMs * ms);
      return connection === null ? null : nameOf(connection);
    },
    sweep: (atMs: number) => own.sweep(atMs * ms),
  };
}

test.each([
  ['lifo', 'c'],
  ['fifo', 'a'],
] as const)('Pool takes by %s', (pick, expected) => {
  const { give, take } = pool({ pick });
  for (const [index, name] of ['a', 'b', 'c'].entries()) give(name, index);
  expect(take(10)).toBe(expected);
});

test('Pool does not hand out what is too old, to the nanosecond', () => {
  const { give, take, evicted } = pool({ pick: 'fifo' });
  give('a', 0, 100);
  give('b', 50, 100);
  expect(take(99.999999)).toBe('a');
  give('c', 0, 100);
  expect(take(149)).toBe('b');
  expect(take(100)).toBeNull();
  expect(evicted).toEqual([['c', 'evicted']]);
});

test('Pool with a timer only hands out what its sweep has not found yet', () => {
  const { give, take, sweep, evicted } = pool({ idleCheck: 'timer' });
  give('a', 0, 100);
  expect(take(500)).toBe('a');
  give('a', 0, 100);
  give('b', 450, 100);
  sweep(500);
  expect(evicted).toEqual([['a', 'evicted']]);
  expect(take(501)).toBe('b');
});

test('Pool drops connections past their maximum age', () => {
  const { give, take, evicted } = pool({ ageMaxMs: 1_000 });
  give('old', 990, Number.POSITIVE_INFINITY, 0);
  give('young', 980, Number.POSITIVE_INFINITY, 500);
  expect(take(1_000)).toBe('young');
  expect(take(1_000)).toBeNull();
  expect(evicted).toEqual([['old', 'limit']]);
});

const retry = {
  ...referencePolicy(1).retry,
  attemptsMax: 3,
  on: ['idle-race', 'reset'] as const,
  backoffMs: 10,
};

test.each([
  [{}, 'POST', 1, 'idle-race', { again: true, fresh: true, waitMs: 10 }],
  [{}, 'POST', 2, 'reset', { again: true, fresh: true, waitMs: 20 }],
  [{}, 'POST', 3, 'idle-race', { again: false }],
  [{}, 'POST', 1, 'eof', { again: false }],
  [{ methods: ['GET'] }, 'POST', 1, 'idle-race', { again: false }],
  [{ methods: ['GET'] }, 'GET', 1, 'idle-race', { again: true, fresh: true, waitMs: 10 }],
  [{ connection: 'pooled', backoffMs: 0 }, 'POST', 2, 'idle-race', { again: true, fresh: false, waitMs: 0 }],
] as const)('decideRetry() with %j, %s, attempt %i, %s', (change, method, attempt, outcome, expected) => {
  expect(decideRetry({ ...retry, ...change }, method, attempt, outcome)).toEqual(expected);
});

test('node-http refuses, by name, what http.Agent cannot do', () => {
  const reference = referencePolicy(500);
  const refused = (connection: Partial<ConnectionPolicy>) => {
    const policy = { ...reference, connection: { ...reference.connection, ...connection } };
    return refusalsOf(nodeHttp.carries, changedKnobs(policy, 500), policy).map((why) => why.split(':')[0]);
  };
  expect(refused({})).toEqual([]);
  expect(refused({ idleTimeoutMs: 1 })).toEqual(['connection.idleTimeoutMs']);
  expect(refused({ idleTimeoutMs: 1, idleCheck: 'timer' })).toEqual([]);
  // http.Agent would take it for "never".
  expect(refused({ idleTimeoutMs: 0, idleCheck: 'timer' })).toEqual(['connection.idleTimeoutMs']);
  expect(refused({ hintMarginMs: 1, ageMaxMs: 1, requestsMax: 1 })).toEqual([
    'connection.hintMarginMs',
    'connection.ageMaxMs',
    'connection.requestsMax',
  ]);
});
