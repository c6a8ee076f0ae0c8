/** The replay's pool: who takes which connection, who waits, who tries again. */
import { expect, test } from 'vitest';
import { planOfClients } from '../../../test/fixtures/plan.ts';
import { aroundTimeout, expectNear, fixedLags, gaps, predict } from '../../../test/fixtures/race-law.ts';
import { prng } from '../../base/prng.ts';
import { nsPerMs } from '../../base/units.ts';
import type { PolicyChange } from '../../contract/policy.ts';
import { perRequest } from './deadly-ages.ts';

test('predictRaces() says how many connections each way of avoiding the race costs', () => {
  const freshShare = (change: PolicyChange) =>
    predict({ plan: aroundTimeout, lags: fixedLags(5, 5), change }).freshShare;
  // The first request of each client is fresh in any case.
  expect(freshShare({ server: { idleTimeoutMs: 600 } })).toBeCloseTo(100 / 20_000, 10);
  expect(freshShare({ connection: { reuse: false } })).toBe(1);
  expect(freshShare({ connection: { requestsMax: 2 } })).toBeGreaterThan(0.5);
  // Idle ages are 440 … 540, or ten less behind a fresh connection.
  expect(freshShare({ connection: { idleTimeoutMs: 490 } })).toBeCloseTo(0.45, 1);
});

test('predictRaces() believes a hint only where the policy does', () => {
  const hint = (hintMarginMs: number | null) =>
    predict({
      plan: aroundTimeout,
      lags: fixedLags(5, 5),
      change: { connection: { hintMarginMs } },
      advertisedTimeoutMs: 500,
    }).raceProbability;
  expect(hint(10)).toBe(0);
  expectNear(hint(null), perRequest(0.1), 20_000, 0.02);
});

test('predictRaces() counts first attempts, whatever is done about the deaths', () => {
  const retry = { attemptsMax: 2, on: ['idle-race'] } as const;
  const raced = (change: PolicyChange) =>
    predict({ plan: aroundTimeout, lags: fixedLags(5, 5), change }).raceProbability;
  for (const connection of ['fresh', 'pooled'] as const) {
    expectNear(raced({ retry: { ...retry, connection } }), 0.1, 20_000, 0.05);
  }
});

test('predictRaces() lets a retried request leave its fresh connection to the next one', () => {
  // Two requests, 505 ms apart: the second dies. A third comes 100 ms later.
  const plan = planOfClients(1, () => [0, 515, 615]);
  const fresh = (change: PolicyChange) => predict({ plan, lags: fixedLags(5, 5), change }).freshShare;
  expect(fresh({})).toBeCloseTo(2 / 3, 10);
  expect(fresh({ retry: { attemptsMax: 2, on: ['idle-race'] } })).toBeCloseTo(1 / 3, 10);
  expect(fresh({ retry: { attemptsMax: 2, on: ['idle-race'], methods: ['GET'] } })).toBeCloseTo(2 / 3, 10);
});

test('predictRaces() makes requests wait in line at the limit of connections', () => {
  // Three at once; 100 ms of service each.
  const plan = planOfClients(1, () => [0, 0, 0]);
  const fresh = (connectionsPerClientMax?: number) =>
    predict({ plan, lags: fixedLags(5, 5, 100), connectionsPerClientMax }).freshShare;
  expect(fresh()).toBe(1);
  expect(fresh(2)).toBeCloseTo(2 / 3, 10);
  expect(fresh(1)).toBeCloseTo(1 / 3, 10);
});

test('predictRaces() takes the connection that the policy picks', () => {
  // Two connections, free from 20 ms on, whose server closes them at 202 ms. LIFO keeps one of them
  // busy; FIFO sends the request at 200 on the one that has waited, and it arrives at 205.
  const plan = planOfClients(1, () => [0, 0, 100, 200]);
  const races = (pick: 'lifo' | 'fifo') =>
    predict({ plan, lags: fixedLags(5, 5), idleTimeoutMs: 187, change: { connection: { pick } } })
      .expectedRaces;
  expect(races('lifo')).toBe(0);
  expect(races('fifo')).toBe(1);
});

test.each([
  // requests per second, pick, simulated probability, factor either way
  [5, 'lifo', 5.1e-4, 1.5],
  [20, 'lifo', 2.1e-4, 1.5],
  [5, 'fifo', 1.0e-3, 1.5],
  [20, 'fifo', 3.3e-5, 4], // four races seen, in that simulation
] as const)(
  'predictRaces() of a pool at %d/s, %s, agrees with the simulation table',
  (rate, pick, expected, factor) => {
    const plan = gaps(1, 150_000, (random) => (-1000 / rate) * Math.log(1 - random()));
    const random = prng('service');
    const lags = {
      ...fixedLags(2.5, 2.5),
      serviceNs: Float64Array.from({ length: 5000 }, () => -50 * nsPerMs * Math.log(1 - random())),
    };
    const { raceProbability } = predict({
      plan,
      lags,
      idleTimeoutMs: 1000,
      rttMs: 5,
      change: { connection: { pick } },
    });
    expect(raceProbability).toBeGreaterThan(expected / factor);
    expect(raceProbability).toBeLessThan(expected * factor);
  },
);

test('predictRaces() leaves out the warm-up', () => {
  const times = [0, 505, 2000, 2100, 2200];
  const plan = planOfClients(1, () => times, { warmupNs: 1_000 * nsPerMs });
  expect(predict({ plan, lags: fixedLags(5, 5) })).toMatchObject({ expectedRaces: 0, freshShare: 1 / 3 });
});
