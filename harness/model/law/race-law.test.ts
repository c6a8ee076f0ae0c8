/** The replay against the law's closed forms, and those against arithmetic. */
import { expect, test } from 'vitest';
import { planOfClients } from '../../../test/fixtures/plan.ts';
import { aroundTimeout, expectNear, fixedLags, gaps, predict } from '../../../test/fixtures/race-law.ts';
import { prng } from '../../base/prng.ts';
import { nsPerMs } from '../../base/units.ts';
import type { Distribution } from '../../contract/distribution.ts';
import { referencePolicy } from '../../contract/policy.ts';
import { type DeadlyAges, deadlyAges, perRequest } from './deadly-ages.ts';
import { survival } from './gap-survival.ts';
import { type LagSamples, predictRaces, windowOf } from './race-law.ts';

/** From the mean lags. */
function agesOf(lags: LagSamples, rttMs: number, idleTimeoutMs: number): DeadlyAges {
  const { serverLagMs, clientLagMs, timerLatenessMs } = windowOf(lags, rttMs);
  if (serverLagMs === null || clientLagMs === null) throw new Error('no lags');
  const times = { rttMs, serverLagMs, answerLagMs: clientLagMs, closeLagMs: clientLagMs };
  return deadlyAges({ ...times, timerLatenessMs: timerLatenessMs ?? 0 }, idleTimeoutMs);
}

/** Per reuse, one connection per client: the part of the gaps that ends in the window. */
function shareInside({ fromMs, toMs }: DeadlyAges, gap: Distribution): number {
  return survival(gap, fromMs) - survival(gap, toMs);
}

const uniform = (min: number, max: number): Distribution => ({ kind: 'uniform', min, max });

test.each([
  [2, 0.02],
  [10, 0.1],
  [20, 0.2],
])(
  'predictRaces() with uniform gaps and a round trip of %d ms is R/100 ms of those on a used connection',
  (rttMs, expected) => {
    const lags = fixedLags(rttMs / 2, rttMs / 2);
    const ages = agesOf(lags, rttMs, 500);
    expect(ages).toEqual({ fromMs: 500 - rttMs, toMs: 500 });
    // Intended times are 450 … 550 ms apart; the idle age is what the response leaves of it.
    expect(shareInside(ages, uniform(450 - rttMs, 550 - rttMs))).toBeCloseTo(expected, 10);
    const { raceProbability } = predict({ plan: aroundTimeout, lags, rttMs });
    // After a fresh connection the answer comes one round trip later, which shifts the age, not the share.
    expectNear(raceProbability, perRequest(expected), 20_000, 0.02);
  },
);

test('predictRaces() with exponential gaps on one connection is W·μ·e^(−μT)', () => {
  const plan = gaps(200, 600, (random) => -1000 * Math.log(1 - random()));
  const lags = fixedLags(3, 2);
  const { raceProbability } = predict({ plan, lags, idleTimeoutMs: 1000, rttMs: 4 });
  const ages = agesOf(lags, 4, 1000);
  const expected = shareInside(ages, { kind: 'exponential', mean: 1000 });
  expect(expected).toBeCloseTo((5 / 1000) * Math.exp(-1), 4);
  expectNear(raceProbability, perRequest(expected), 120_000, 0.02);
});

test.each([
  ['before the window', 495, 0],
  // Ages of 495 die, and 485, behind a fresh connection, does not: fresh, used, dead, and again.
  ['inside it', 505, 1 / 3],
  ['behind it', 525, 0],
])('predictRaces() of a periodic client %s', (_, periodMs, expected) => {
  // T = 500, R = 10: the response is read 10 ms after sending, 20 on a fresh connection.
  const plan = gaps(5, 300, () => periodMs);
  const { raceProbability } = predict({ plan, lags: fixedLags(5, 5) });
  expect(raceProbability).toBeCloseTo(expected, 10);
});

test('predictRaces() of a period inside the window for fresh and used connections alike dies every other time', () => {
  // Ages 480 (fresh) and 490: with R = 40 both lie within 460 … 500. A death frees the connection, the next is fresh.
  const plan = gaps(4, 500, () => 545);
  const { raceProbability, freshShare } = predict({ plan, lags: fixedLags(20, 20), rttMs: 40 });
  expect(raceProbability).toBeCloseTo(0.5, 2);
  expect(freshShare).toBeCloseTo(0.5, 2);
});

test('predictRaces() does not depend on how the round trip is split', () => {
  const [early, late] = [fixedLags(9, 1), fixedLags(1, 9)].map(
    (lags) => predict({ plan: aroundTimeout, lags }).raceProbability,
  );
  expect(early).toBeCloseTo(late, 10);
});

test('predictRaces() counts lags like round trip and shifts with the timer’s lateness', () => {
  const lags = (timerLateness: number) => fixedLags(8, 7, 0, timerLateness);
  const at = (timerLateness: number) =>
    predict({ plan: aroundTimeout, lags: lags(timerLateness) }).raceProbability;
  expectNear(at(0), perRequest(0.15), 20_000, 0.02);
  expectNear(at(10), perRequest(0.15), 20_000, 0.02);
  // 60 ms late: the window lies beyond every gap.
  expect(at(60)).toBe(0);
});

test.each([
  ['a margin of W', { connection: { idleTimeoutMs: 490 } }, 0, 0],
  ['a margin of half W', { connection: { idleTimeoutMs: 495 } }, 0.05, 0.02],
  ['a server timeout beyond every gap', { server: { idleTimeoutMs: 600 } }, 0, 0],
  ['a connection for each request', { connection: { reuse: false } }, 0, 0],
  ['at most one request per connection', { connection: { requestsMax: 1 } }, 0, 0],
  ['a maximum age below the gaps', { connection: { ageMaxMs: 400 } }, 0, 0],
] as const)('predictRaces() with %s', (_, change, expected, modelError) => {
  const { raceProbability, expectedRaces } = predict({ plan: aroundTimeout, lags: fixedLags(5, 5), change });
  expectNear(raceProbability, perRequest(expected), 20_000, modelError);
  if (expected === 0) expect(expectedRaces).toBe(0);
  expect(expectedRaces).toBeCloseTo(raceProbability * 20_000, 6);
});

test('predictRaces() with jitter is W · the density of gaps under the jittered timeouts', () => {
  const lags = fixedLags(5, 5);
  // Idle gaps are uniform in 440 … 540 ms, 10 ms of each interval being on the way. T is uniform in 500 … 600 ms:
  // below 540 the whole window T − 10 … T is reached, up to 550 a part of it: 0.4 · 0.1 + 0.1 · 0.05.
  const jittered = predict({ plan: aroundTimeout, lags, idleJitterMs: 100 }).raceProbability;
  expectNear(jittered, perRequest(0.045), aroundTimeout.client.length, 0.05);
});

test('predictRaces() of a server without an idle timeout is 0', () => {
  const { raceProbability, freshShare } = predict({
    plan: aroundTimeout,
    lags: fixedLags(5, 5),
    idleTimeoutMs: null,
  });
  expect(raceProbability).toBe(0);
  // The first request of each client alone.
  expect(freshShare).toBe(1 / 200);
});

test('predictRaces() replays the moments at which requests were let go', () => {
  // Idle ages of 480 ms are safe; a request in twelve leaves 18 ms late, at an age of 498.
  const plan = planOfClients(4, (client) =>
    Array.from({ length: 120 }, (_, beat) => 490 * beat + 3 * client),
  );
  const startedNs = plan.intendedNs.map((ns, row) => ns + (row % 12 === 11 ? 18 * nsPerMs : 0));
  const lags = fixedLags(5, 5);
  expect(predict({ plan, lags }).expectedRaces).toBe(0);
  const late = predict({ plan, startedNs, lags });
  expect(late.expectedRaces).toBe(40);
  expect(late.racesSd).toBe(0);
  // A request that was never let go counts at its intended time.
  const unknown = startedNs.map((ns, row) => (row % 24 === 11 ? Number.NaN : ns));
  expect(predict({ plan, startedNs: unknown, lags }).expectedRaces).toBe(20);
});

test('predictRaces() takes requests in the order in which they left, whatever the plan’s was', () => {
  const plan = planOfClients(1, () => [0, 200, 400]);
  const startedNs = Float64Array.of(0, 700 * nsPerMs, 505 * nsPerMs);
  // The last row leaves second, at an age of 485, and dies of nothing; the other then finds it idle for 185.
  const { expectedRaces, freshShare } = predict({ plan, startedNs, lags: fixedLags(5, 5) });
  expect({ expectedRaces, freshShare }).toEqual({ expectedRaces: 0, freshShare: 1 / 3 });
});

test('predictRaces() says how far a count may lie from its mean', () => {
  const random = prng('spread');
  const lags = {
    ...fixedLags(5, 5),
    requestPathNs: Float64Array.from({ length: 500 }, () => (5 - 0.4 * Math.log(1 - random())) * nsPerMs),
  };
  const plan = gaps(40, 40, (draw) => 450 + 100 * draw());
  const { racesSd, expectedRaces, replays, requests } = predict({ plan, lags });
  expect({ replays, requests }).toEqual({ replays: 16, requests: 1_600 });
  // The plan being given, far less than the square root of the count.
  expect(racesSd).toBeGreaterThan(0);
  expect(racesSd).toBeLessThan(0.5 * Math.sqrt(expectedRaces));
});

test('predictRaces() repeats with its seed', () => {
  const lags = { ...fixedLags(5, 5), timerLatenessNs: Float64Array.from([0, 1, 2, 3], (ms) => ms * nsPerMs) };
  const once = predict({ plan: aroundTimeout, lags });
  expect(predict({ plan: aroundTimeout, lags })).toEqual(once);
});

test('predictRaces() without any lag measured takes the undelayed ones', () => {
  const empty = new Float64Array(0);
  const lags = {
    requestPathNs: empty,
    responsePathNs: empty,
    closePathNs: empty,
    serviceNs: empty,
    timerLatenessNs: empty,
  };
  expect(predict({ plan: aroundTimeout, lags })).toEqual(
    predict({ plan: aroundTimeout, lags: fixedLags(5, 5) }),
  );
  expect(windowOf(lags, 10)).toEqual({
    rttMs: 10,
    serverLagMs: null,
    clientLagMs: null,
    timerLatenessMs: null,
    widthMs: null,
    lagSamples: 0,
  });
});

test('predictRaces() says nothing of a closed loop or of a plan without measured requests', () => {
  const input = {
    policy: referencePolicy(500),
    network: { rttMs: 10 },
    lags: fixedLags(5, 5),
    connectionsPerClientMax: null,
    seed: 1,
  };
  expect(predictRaces({ ...input, plan: { ...aroundTimeout, loop: 'closed' } })).toBeNull();
  expect(predictRaces({ ...input, plan: planOfClients(1, () => []) })).toBeNull();
  expect(
    predictRaces({ ...input, plan: planOfClients(1, () => [1, 2], { warmupNs: 10 * nsPerMs }) }),
  ).toBeNull();
});

test('windowOf() is the round trip and the mean lags', () => {
  const ms = (...values: number[]) => Float64Array.from(values, (value) => value * nsPerMs);
  const lags = {
    requestPathNs: ms(5, 7),
    responsePathNs: ms(5.5, 6.5),
    closePathNs: ms(5.5, 6.5),
    serviceNs: ms(1),
    timerLatenessNs: ms(0.5, 1.5),
  };
  expect(windowOf(lags, 10)).toEqual({
    rttMs: 10,
    serverLagMs: 1,
    clientLagMs: 1,
    timerLatenessMs: 1,
    widthMs: 12,
    lagSamples: 2,
  });
  expect(agesOf(lags, 10, 500)).toEqual({ fromMs: 489, toMs: 501 });
});

test('survival() of uniform gaps leaves the part of the window that the gaps reach', () => {
  const ages = { fromMs: 490, toMs: 500 };
  expect(shareInside(ages, uniform(0, 1000))).toBeCloseTo(0.01, 12);
  expect(shareInside(ages, uniform(0, 495))).toBeCloseTo(5 / 495, 12);
  expect(shareInside(ages, uniform(600, 700))).toBe(0);
});
