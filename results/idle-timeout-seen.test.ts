/** A wrong idle timeout shows in closes and in reuses; stalls, faults and other reasons to close do not look like one. */
import { expect, test } from 'vitest';
import { type PolicyChange, referencePolicy } from '../harness/contract/policy.ts';
import { scenarioFixture } from '../test/fixtures/run-record.ts';
import { type TrialTraits, trialOf } from '../test/fixtures/trial.ts';
import { evictionInDoubt, idleTimeoutSeen } from './idle-timeout-seen.ts';

/** Connections that were answered at 0 and closed by the server at these ages, and reuses of these ages, ms. */
function traits(closesMs: readonly number[], reusesMs: readonly number[], more: Partial<TrialTraits> = {}) {
  const opening = closesMs.map((_, connection) => ({ connection }));
  const reuses = reusesMs.map((idleAgeMs, index) => ({ idleAgeMs, connection: closesMs.length + index }));
  const closed = closesMs.map((closedMs) => ({ closedMs, cause: 'server-idle' as const }));
  return {
    requests: [...opening, ...reuses],
    connections: [...closed, ...reusesMs.map(() => ({}))],
    ...more,
  };
}

const seen = (
  closesMs: readonly number[],
  reusesMs: readonly number[],
  more: Partial<TrialTraits> = {},
  scenario = scenarioFixture,
) => idleTimeoutSeen(scenario, [trialOf(traits(closesMs, reusesMs, more))]);

const range = (from: number, to: number, step = 10) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

test('a timeout that is as configured does not differ, and every observation is counted', () => {
  expect(seen([501, 503, 502, 512], range(300, 495, 5))).toEqual({
    configuredMs: 500,
    differs: false,
    seenMs: null,
    evidence: { closes: 4, closesAsConfigured: 4, reusesBeyond: 0, longestReuseMs: 495 },
  });
  expect(seen([], range(300, 495)).differs).toBe(false);
  expect(idleTimeoutSeen(scenarioFixture, []).differs).toBe(false);
});

test('Node’s hidden second shows: closes at 1.5 s where 0.5 s is configured', () => {
  const result = seen([1_502, 1_501, 1_509], range(400, 600));
  expect(result).toMatchObject({ differs: true, seenMs: 1_502 });
  // Past T + R + 5 % there are 540 … 600.
  expect(result.evidence).toMatchObject({ closes: 3, closesAsConfigured: 0, reusesBeyond: 7 });
});

test('reuses alone show that it is longer, and not how long', () => {
  expect(seen([], range(400, 600))).toMatchObject({
    differs: true,
    seenMs: null,
    evidence: { reusesBeyond: 7, longestReuseMs: 600 },
  });
});

test('a hop that closes earlier shows, and closes for another reason do not', () => {
  expect(seen([201, 202, 203, 205], range(50, 195)).seenMs).toBe(203);
  // A limit of requests per connection closes right after an answer, while others are reused at any age.
  expect(seen([0.2, 0.3, 0.1, 0.4, 0.2], range(50, 490)).differs).toBe(false);
  // Also where all gaps are far shorter than the timeout.
  const target = { ...scenarioFixture.target, idleTimeoutMs: 5_000 };
  const long = { policy: referencePolicy(5_000) };
  const limited = seen([2, 3, 2, 4, 2], range(10, 200), long, { ...scenarioFixture, target });
  expect(limited).toMatchObject({ differs: false, evidence: { closes: 5, closesAsConfigured: 0 } });
});

test('a server that closes in ticks, from the configured timeout on, does not differ', () => {
  expect(seen(range(501, 1_490), range(300, 1_300)).differs).toBe(false);
  // One that closes earlier as well has another timeout for some of its connections.
  expect(seen([...range(201, 300, 5), 501, 502, 503], range(50, 195)).seenMs).toBe(251);
});

test('a stall, a close or two, and faults do not make a timeout differ', () => {
  expect(seen([501, 502, 503, 504, 800, 801, 802], [700, 710, 720, 730]).differs).toBe(false);
  expect(seen([1_500, 1_500], [600, 610]).differs).toBe(false);
  const target = {
    ...scenarioFixture.target,
    kind: 'go',
    idleTimeoutBy: 'IdleTimeout',
    serviceMs: { kind: 'fixed', value: 0 },
    responseBytes: { kind: 'fixed', value: 0 },
    faults: { 'idle-fin': 5 },
    faultMs: 1,
  } as const;
  expect(seen([20, 20, 20, 20, 20], [], {}, { ...scenarioFixture, target }).differs).toBe(false);
});

test('an unhealthy trial, a changed timeout and a balancer are left out', () => {
  expect(seen([1_500, 1_500, 1_500], [], { healthy: false }).differs).toBe(false);
  expect(seen([1_500, 1_500, 1_500], [], { policy: referencePolicy(1_500) }).differs).toBe(false);
  const via = {
    kind: 'haproxy',
    clientIdleTimeoutMs: 75_000,
    httpReuse: 'safe',
    retryOn: [],
    retriesMax: 0,
    upstreamConnectionsMax: 1,
    poolPurgeDelayMs: 1,
  } as const;
  expect(seen([1_500, 1_500, 1_500], [], {}, { ...scenarioFixture, via }).differs).toBe(false);
});

test('rounds and strategies are pooled', () => {
  const trials = [1, 2, 3].map((round) => trialOf({ ...traits([1_500 + round], []), round }));
  expect(idleTimeoutSeen(scenarioFixture, trials)).toMatchObject({ differs: true, seenMs: 1_502 });
});

test('a timeout where none is configured shows too', () => {
  const scenario = { ...scenarioFixture, target: { ...scenarioFixture.target, idleTimeoutMs: null } };
  const none = { policy: referencePolicy(null) };
  expect(seen([5_001, 5_002, 5_004], [100, 200], none, scenario)).toMatchObject({
    differs: true,
    seenMs: 5_002,
  });
});

test('evictionInDoubt() is said of strategies that go by the idle age, and of no other', () => {
  const policy = ({ connection, retry }: PolicyChange) => {
    const reference = referencePolicy(500);
    return {
      ...reference,
      connection: { ...reference.connection, ...connection },
      retry: { ...reference.retry, ...retry },
    };
  };
  const longer = seen([1_502, 1_501, 1_509], range(400, 600));
  const evicts = policy({ connection: { idleTimeoutMs: 390 } });
  expect(evictionInDoubt(longer, evicts)).toBe('the server’s idle timeout seems to be 1.502s, not 500ms');
  expect(evictionInDoubt(longer, policy({ connection: { hintMarginMs: 50 } }))).not.toBeNull();
  expect(evictionInDoubt(seen([], range(400, 600)), evicts)).toContain('above 600ms, not 500ms');
  expect(evictionInDoubt(longer, policy({ retry: { attemptsMax: 2, on: ['idle-race'] } }))).toBeNull();
  expect(evictionInDoubt(seen([501], []), evicts)).toBeNull();
});
