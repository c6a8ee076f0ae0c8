/** Which lags a prediction is made from, and what the law check shows of a window that is wrong. */
import { expect, test } from 'vitest';
import { type Prng, prng } from '../harness/base/prng.ts';
import { nsPerMs } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { referencePolicy } from '../harness/contract/policy.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import { type LagSamples, predictRaces } from '../harness/model/law/race-law.ts';
import { RaceReplay } from '../harness/model/law/race-law-replay.ts';
import { planOfClients } from '../test/fixtures/plan.ts';
import { gaps } from '../test/fixtures/race-law.ts';
import { scenarioFixture } from '../test/fixtures/run-record.ts';
import { trialOf } from '../test/fixtures/trial.ts';
import { type CountedTrial, countTrial } from './counted-trial.ts';
import { checkLaw, predictStrategy } from './predict-strategy.ts';

const exponential = (random: Prng, meanMs: number) => -meanMs * Math.log(1 - random());

/** R = 10, lags of 0.4 ms on average each way; `shorterMs` is taken from the window. */
function lagsOf(shorterMs = 0): LagSamples {
  const random = prng('law-check-lags');
  const path = (lessMs: number) =>
    Float64Array.from({ length: 500 }, () => (5 - lessMs + exponential(random, 0.4)) * nsPerMs);
  const responsePathNs = path(0);
  return {
    requestPathNs: path(shorterMs),
    responsePathNs,
    closePathNs: responsePathNs,
    serviceNs: new Float64Array(0),
    timerLatenessNs: new Float64Array(0),
  };
}

/** Rounds whose races are those of the true window, checked against a window that is off by a share. */
function rounds(count: number, seed: number, windowError: number) {
  return Array.from({ length: count }, (_, round) => {
    const random = prng('law-check', seed, round);
    const plan = { ...gaps(20, 150, () => 450 + 100 * random()), round };
    const shared = { plan, policy: referencePolicy(500), connectionsPerClientMax: null };
    const setup = { ...shared, startedNs: null, rttMs: 10, advertisedTimeoutMs: null, idleJitterMs: 0 };
    const { races: raced, started } = new RaceReplay({ ...setup, lags: lagsOf() }, random).run();
    const lags = lagsOf(10.8 * windowError);
    return { raced, started, expected: predictRaces({ ...shared, network: { rttMs: 10 }, lags, seed }) };
  });
}

const excludesZero = (count: number, seed: number, windowError: number) => {
  const { low, high } = checkLaw(rounds(count, seed, windowError)).measuredMinusPredicted;
  return low !== null && high !== null && (low > 0 || high < 0);
};
const runs = Array.from({ length: 10 }, (_, seed) => seed);

test('checkLaw() shows a window that is 5 % too narrow, within 20 rounds of 3,000 requests', () => {
  const { predicted, measuredMinusPredicted } = checkLaw(rounds(20, 1, 0.05));
  // About 0.05 · w/(1 + w) with w = 10.8 / 100, per request.
  expect(predicted).toBeGreaterThan(0.08);
  expect(measuredMinusPredicted.estimate).toBeGreaterThan(0.003);
  expect(measuredMinusPredicted.estimate).toBeLessThan(0.006);
  expect(runs.filter((seed) => excludesZero(20, seed, 0.05))).toHaveLength(runs.length);
});

test('checkLaw() of the right window excludes 0 about as often as 95 % intervals do', () => {
  for (const count of [1, 3, 20]) {
    expect(runs.filter((seed) => excludesZero(count, seed, 0)).length).toBeLessThanOrEqual(2);
  }
});

test('checkLaw() of one race that a replay did not see is not a miss, and of none at all says nothing', () => {
  const expected = {
    raceProbability: 0,
    freshShare: 0.1,
    expectedRaces: 0,
    racesSd: 0,
    requests: 1_000,
    replays: 16,
  };
  const { measuredMinusPredicted } = checkLaw([{ raced: 1, started: 1_000, expected }]);
  expect(measuredMinusPredicted.estimate).toBeCloseTo(0.001, 12);
  expect(measuredMinusPredicted.low).toBeLessThan(0);
  expect(checkLaw([{ raced: 1, started: 1_000, expected: null }])).toEqual({
    predicted: null,
    measuredMinusPredicted: { estimate: null, low: null, high: null },
  });
});

test('checkLaw() of one round allows for how little a few replays say of their spread', () => {
  const replayed = {
    raceProbability: 0.05,
    freshShare: 0.1,
    expectedRaces: 50,
    racesSd: 10,
    requests: 1_000,
  };
  const halfWidth = (replays: number) => {
    const { low, high } = checkLaw([
      { raced: 50, started: 1_000, expected: { ...replayed, replays } },
    ]).measuredMinusPredicted;
    return (1_000 * ((high ?? Number.NaN) - (low ?? Number.NaN))) / 2;
  };
  // t(0.975, 3) and t(0.975, 15), of a table.
  expect(halfWidth(4)).toBeCloseTo(3.182 * 10 * Math.sqrt(5 / 4), 1);
  expect(halfWidth(16)).toBeCloseTo(2.131 * 10 * Math.sqrt(17 / 16), 1);
});

const plan = gaps(20, 60, (random) => 450 + 100 * random());

/** A trial whose requests all took this long to be noticed, at safe idle ages; every tenth of them raced. */
function counted(round: number, requestPathMs: number, idleAgeMs = 300): CountedTrial {
  const requests = Array.from(plan.intendedNs, (ns, row) => {
    const startedMs = ns / nsPerMs;
    return row % 10 === 0
      ? { startedMs, outcome: 'idle-race' as const, idleAgeMs: 495 }
      : { startedMs, doneMs: startedMs + requestPathMs + 5, idleAgeMs, requestPathMs };
  });
  return countTrial(trialOf({ round, requests }), { ...plan, round }, scenarioFixture);
}

function predict(
  trials: readonly CountedTrial[],
  scenario: ScenarioConfig = scenarioFixture,
  ofRound: LoadPlan = plan,
) {
  const startedNs = ofRound.intendedNs;
  return predictStrategy(trials, scenario, 1, ({ round }) => ({ plan: { ...ofRound, round }, startedNs }));
}

test('predictStrategy() predicts a round from the lags of the others, and checks it with its own', () => {
  const usual = predict([counted(1, 5), counted(2, 5), counted(3, 5)]);
  const late = predict([counted(1, 5), counted(2, 5), counted(3, 25)]);
  expect(usual.prediction).toMatchObject({ by: 'replay', window: { serverLagMs: 0, widthMs: 10 } });
  // Its own lags are not in a round's prediction, but in those of the others.
  expect(late.byTrial.get('main.reuse.r3')).toBe(usual.byTrial.get('main.reuse.r3'));
  expect(late.byTrial.get('main.reuse.r1')).toBeGreaterThan(1.3 * (usual.byTrial.get('main.reuse.r1') ?? 1));
  expect(late.lawCheck.predicted).toBeGreaterThan(1.2 * (usual.lawCheck.predicted ?? 1));
  const { predicted, measuredMinusPredicted } = usual.lawCheck;
  expect((predicted ?? 0) + (measuredMinusPredicted.estimate ?? 0)).toBeCloseTo(0.1, 12);
});

test('predictStrategy() leaves unhealthy trials out, and predicts them from the healthy rounds', () => {
  const unhealthy = (one: CountedTrial): CountedTrial => {
    const health = { ...one.trial.health, ok: false };
    return { ...one, trial: { ...one.trial, health } };
  };
  const usual = predict([counted(1, 5), counted(2, 5)]);
  const third = unhealthy(counted(3, 25));
  const both = predict([counted(1, 5), counted(2, 5), third]);
  expect(both.prediction).toEqual(usual.prediction);
  expect(both.lawCheck).toEqual(usual.lawCheck);
  expect(both.byTrial.get('main.reuse.r3')).toBeGreaterThan(0.05);
  // With one healthy round there is no prediction, and still one for each trial.
  const single = predict([counted(1, 5), unhealthy(counted(2, 5))]);
  expect(single.prediction.raceProbability).toBeNull();
  expect([...single.byTrial.values()].filter((value) => value === null)).toEqual([]);
  const none = predict([unhealthy(counted(1, 5)), unhealthy(counted(2, 5))]);
  expect(none.prediction.raceProbability).toBeNull();
  expect(none.byTrial.get('main.reuse.r1')).toBeGreaterThan(0.05);
});

test('predictStrategy() with a single round predicts nothing, and still checks the law', () => {
  const { prediction, lawCheck, byTrial } = predict([counted(1, 5)]);
  expect(prediction).toMatchObject({ raceProbability: null, by: null, requestsReplayed: 0 });
  expect(byTrial.get('main.reuse.r1')).toBeNull();
  expect(lawCheck.predicted).toBeGreaterThan(0.05);
});

test('predictStrategy() predicts nothing for a client with its own settings, which the policy does not say', () => {
  const scenario = { ...scenarioFixture, client: { ...scenarioFixture.client, settings: 'own' } } as const;
  const { prediction, lawCheck } = predict([counted(1, 5), counted(2, 5)], scenario);
  expect(prediction).toMatchObject({ raceProbability: null, window: { widthMs: 10 } });
  expect(lawCheck.predicted).toBeNull();
});

test('predictStrategy() predicts nothing where no request was far enough from the race', () => {
  const { prediction, lawCheck } = predict([counted(1, 5, 480), counted(2, 5, 480)]);
  expect(prediction).toMatchObject({ raceProbability: null, window: { lagSamples: 0, serverLagMs: null } });
  expect(lawCheck.predicted).toBeNull();
});

test('predictStrategy() gives a rate for a race that the replays do not meet', () => {
  const gapMs = { kind: 'exponential', mean: 40 } as const;
  const rare = { ...scenarioFixture, traffic: { kind: 'think-time', clients: 1, gapMs } } as const;
  // Gaps of 100 ms at most: the plan itself has no race.
  const short = planOfClients(1, () => Array.from({ length: 200 }, (_, index) => 100 * index));
  const trials = [1, 2].map((round) => {
    const requests = Array.from(short.intendedNs, (ns) => ({
      startedMs: ns / nsPerMs,
      doneMs: ns / nsPerMs + 10,
      idleAgeMs: 90,
      requestPathMs: 5,
    }));
    return countTrial(trialOf({ round, requests }), { ...short, round }, rare);
  });
  const { prediction } = predict(trials, rare, short);
  expect(prediction.by).toBe('closed-form');
  // The window is 490 … 500 ms of idle age.
  expect(prediction.raceProbability).toBeCloseTo(Math.exp(-490 / 40) - Math.exp(-500 / 40), 9);
  const bursts = { kind: 'bursts', clients: 1, burstRequests: 1, periodMs: 100, spreadMs: 0 } as const;
  expect(predict(trials, { ...rare, traffic: bursts }, short).prediction).toMatchObject({
    raceProbability: 0,
    by: 'replay',
    requestsReplayed: 2 * 16 * 200,
  });
});
