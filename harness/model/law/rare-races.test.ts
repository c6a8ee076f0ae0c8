/** The closed form against the replay where races are common, and against arithmetic where they are rare. */
import { expect, test } from 'vitest';
import { expectNear, fixedLags, gaps, predict } from '../../../test/fixtures/race-law.ts';
import { scenarioFixture } from '../../../test/fixtures/run-record.ts';
import { draw } from '../../base/distribution.ts';
import { prng } from '../../base/prng.ts';
import type { Distribution } from '../../contract/distribution.ts';
import { type PolicyChange, referencePolicy } from '../../contract/policy.ts';
import type { ScenarioConfig, TrafficConfig } from '../../contract/run-config.ts';
import { survival } from './gap-survival.ts';
import { rareRaceProbability } from './rare-races.ts';

const distributions: Distribution[] = [
  { kind: 'fixed', value: 480 },
  { kind: 'uniform', min: 450, max: 550 },
  { kind: 'normal', mean: 480, sd: 30 },
  { kind: 'lognormal', median: 400, sigma: 0.3 },
  { kind: 'exponential', mean: 300 },
  {
    kind: 'mixture',
    parts: [
      { weight: 3, of: { kind: 'exponential', mean: 300 } },
      { weight: 1, of: { kind: 'uniform', min: 440, max: 560 } },
    ],
  },
];

test.each(distributions)('survival() of $kind is the share of draws beyond', (distribution) => {
  const random = prng('survival', distribution.kind);
  const drawn = Array.from({ length: 40_000 }, () => draw(distribution, random));
  for (const x of [-1, 0, 200, 470, 479.9, 485, 495, 600]) {
    const share = drawn.filter((value) => value > x).length / drawn.length;
    // Four standard errors of a share of 40,000.
    expect(Math.abs(survival(distribution, x) - share)).toBeLessThan(0.01);
  }
});

function rare(
  traffic: TrafficConfig,
  change: PolicyChange = {},
  more: Partial<ScenarioConfig> = {},
  rttMs = 10,
) {
  const reference = referencePolicy(500);
  return rareRaceProbability({
    scenario: { ...scenarioFixture, traffic, network: { rttMs, upstreamRttMs: 0 }, ...more },
    policy: {
      ...reference,
      connection: { ...reference.connection, ...change.connection },
      server: { ...reference.server, ...change.server },
    },
    lags: fixedLags(rttMs / 2 + 1, rttMs / 2 + 2),
    advertisedTimeoutMs: null,
    idleJitterMs: 0,
    seed: 1,
  });
}

const thinkTime = (gapMs: Distribution): TrafficConfig => ({ kind: 'think-time', clients: 200, gapMs });

test.each(distributions.filter(({ kind }) => kind !== 'fixed'))(
  'the closed form with gaps of $kind agrees with the replay of a plan',
  (distribution) => {
    const lags = fixedLags(6, 7);
    // A think-time plan adds the nominal response of 10 ms; the real one takes 13.
    const plan = gaps(200, 400, (random) => 10 + draw(distribution, random));
    const { raceProbability } = predict({ plan, lags });
    const closed = rare(thinkTime(distribution)) ?? 0;
    expect(closed).toBeGreaterThan(0.004);
    expectNear(raceProbability, closed, 80_000, 0.03);
  },
);

test('a race deep in the tail has a rate: exponential gaps of 500 ms, T = 4 s, a window of 1.34 ms', () => {
  const lags = fixedLags(0.5, 0.84);
  const scenario = {
    ...scenarioFixture,
    traffic: thinkTime({ kind: 'exponential', mean: 500 }),
    network: { rttMs: 1, upstreamRttMs: 0 },
  };
  const probability = rareRaceProbability({
    scenario,
    policy: referencePolicy(4_000),
    lags,
    advertisedTimeoutMs: null,
    idleJitterMs: 0,
    seed: 1,
  });
  // W/mean · e^(−T/mean).
  expect(probability).toBeCloseTo((1.34 / 500) * Math.exp(-8), 8);
});

test('eviction cuts the window off, and a margin that covers it leaves exactly 0', () => {
  const uniform = thinkTime({ kind: 'uniform', min: 450, max: 550 });
  // Ages of 500 − 10 − 1 − 2 = 487 to 500; in gaps 3 ms more, of which the plan has 100.
  expect(rare(uniform)).toBeCloseTo(0.13 / 1.13, 9);
  expect(rare(uniform, { connection: { idleTimeoutMs: 494 } })).toBeCloseTo(0.07 / 1.07, 9);
  expect(rare(uniform, { connection: { ageMaxMs: 494 } })).toBeCloseTo(0.07 / 1.07, 9);
  expect(rare(uniform, { connection: { idleTimeoutMs: 487 } })).toBe(0);
  expect(rare(uniform, { connection: { reuse: false } })).toBe(0);
  expect(rare(uniform, { server: { idleTimeoutMs: null } })).toBe(0);
  expect(rare(uniform, { server: { idleTimeoutMs: 900 } })).toBe(0);
});

test('the beats of a heartbeat differ by two jitters; several requests under way have no closed form', () => {
  const beat = (periodMs: number, jitterMs: number) =>
    rare({ kind: 'heartbeat', clients: 1, periodMs, jitterMs }) ?? Number.NaN;
  // An answer takes 13 ms: ages of 487 … 500 are periods of 500 … 513.
  expect(beat(505, 0)).toBeCloseTo(0.5, 9);
  expect(beat(499, 0)).toBe(0);
  // Triangular on 500 ± 20: the share of 500 … 513.
  const share = 0.5 - 7 ** 2 / (2 * 20 ** 2);
  expect(beat(500, 10)).toBeCloseTo(share / (1 + share), 9);
  const poisson = { kind: 'poisson', clients: 100, ratePerSecond: 200 } as const;
  expect(rare(poisson)).toBeNull();
  const one = { client: { ...scenarioFixture.client, connectionsPerClientMax: 1 } };
  const each = Math.exp(-500 / 500) - Math.exp(-513 / 500);
  expect(rare(poisson, {}, one)).toBeCloseTo(each / (1 + each), 9);
  expect(rare({ kind: 'closed', clients: 1, requestsMax: 1 })).toBeNull();
});
