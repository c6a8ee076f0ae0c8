import { expect, test } from 'vitest';
import type {
  Estimate,
  RateEstimate,
  StrategySummary,
  Summary,
  Verdict,
} from '../harness/contract/summary.ts';
import { behindBalancerInput, emptyInput, fixtureInput, sweepInput } from '../test/fixtures/summary.ts';
import { runFindings } from './findings.ts';

const { summary } = fixtureInput();
const [scenario] = summary.scenarios;
const [reuse, retry] = scenario.strategies;

const noRate: RateEstimate = { estimate: null, low: null, high: null, none: null };
const zero: RateEstimate = {
  ...noRate,
  estimate: 0,
  low: 0,
  high: 3 / 8_000,
  none: { requests: 8_000, rounds: 5, badRoundShareHigh: 0.451 },
};

const noEstimate: Estimate = { estimate: null, low: null, high: null };
const between = (low: number, high: number): Estimate => ({ estimate: (low + high) / 2, low, high });

function withReference(change: Partial<StrategySummary>, raceProbability: number | null = 0.0301): Summary {
  const by = raceProbability === 0 ? ('closed-form' as const) : ('replay' as const);
  const prediction = { ...scenario.prediction, raceProbability, by };
  const lawCheck = { predicted: null, measuredMinusPredicted: noEstimate };
  const strategies = [{ ...reuse, prediction, lawCheck, ...change }, ...scenario.strategies.slice(1)];
  return { ...summary, scenarios: [{ ...scenario, prediction, strategies }] };
}

test('runFindings() opens with the failures, their interval and the prediction', () => {
  const [finding, model, better, free] = runFindings(summary);
  expect(finding).toBe('`reuse` failed 2.9 % of 9,412 requests (95 % CI 2.5–3.4 %).');
  expect(model).toBe('The timing model predicted 3.0 %, so the idle-timeout race explains these failures.');
  expect(better).toBe(
    '`retry`, `long-idle`, `short-lived`, `evict` and `evict+retry` have a better error rate than `reuse`.',
  );
  expect(free).toBe('`retry` and `long-idle` are at most slightly worse in every other figure.');
});

test.each<[string, number | null, Estimate, string]>([
  ['the check by round agrees', 0.0301, between(-0.0005, 0.0005), 'explains these failures.'],
  ['it agrees, but is wide', 0.032, between(-0.02, 0.01), 'which is consistent with the idle-timeout race.'],
  [
    'it is wide, and the interval contradicts',
    0.038,
    between(-0.02, 0.01),
    'which is more than was measured.',
  ],
  ['it predicted less', 0.028, between(0.001, 0.002), 'does not explain all of these failures.'],
  ['it predicted more', 0.031, between(-0.002, -0.001), 'which is more than was measured.'],
  ['there is the interval only', 0.0301, noEstimate, 'which is consistent with the idle-timeout race.'],
  ['the interval is above it', 0.012, noEstimate, 'does not explain all of these failures.'],
  ['the interval is below it', 0.05, noEstimate, 'which is more than was measured.'],
  ['there is none', null, noEstimate, 'The timing model gives no prediction.'],
])('runFindings() compares the model with the result: %s', (_, predicted, measuredMinusPredicted, text) => {
  const lawCheck = { predicted, measuredMinusPredicted };
  expect(runFindings(withReference({ lawCheck }, predicted))[1]).toContain(text);
});

test('runFindings() states both predictions where the lags of the other rounds miss the result', () => {
  const lawCheck = { predicted: 0.029, measuredMinusPredicted: between(-0.001, 0.001) };
  expect(runFindings(withReference({ lawCheck }, 0.038))[1]).toBe(
    'The timing model predicted 3.8 % with the lags of the other rounds, and 2.9 % with those of the same rounds, so the idle-timeout race explains these failures.',
  );
});

test('runFindings() states why a client with its own settings has no prediction', () => {
  const config = { ...scenario.config, client: { ...scenario.config.client, settings: 'own' as const } };
  const unpredicted = withReference({ lawCheck: { ...reuse.lawCheck, predicted: null } }, null);
  const [first] = unpredicted.scenarios;
  expect(runFindings({ ...unpredicted, scenarios: [{ ...first, config }] })[1]).toBe(
    'The timing model gives no prediction, because it does not cover a client that keeps its default settings.',
  );
});

test('runFindings() has the law check where a single round gives no prediction', () => {
  const prediction = { ...scenario.prediction, raceProbability: null, by: null };
  const lawCheck = { predicted: 0.0301, measuredMinusPredicted: between(-0.002, 0.001) };
  expect(runFindings(withReference({ prediction, lawCheck }))[1]).toBe(
    'With the lags of the same round, the timing model expects 3.0 %, so the idle-timeout race explains these failures.',
  );
});

test('runFindings() tells requests that raced from requests that failed', () => {
  const resent = { errorRate: zero, requests: { ...reuse.requests, failed: 0 }, outcomes: { ok: 9_412 } };
  const [raced, model] = runFindings(withReference(resent));
  expect(model).toBe('The timing model predicted 3.0 %, which is consistent with the idle-timeout race.');
  expect(raced).toBe(
    '2.9 % of the first attempts of `reuse` ran into the idle-timeout race (95 % CI 2.5–3.4 %); the client sent each of them again, so none of 9,412 requests failed.',
  );
  const mixed = {
    errorRate: { ...noRate, estimate: 0.01, low: 0.008, high: 0.012 },
    requests: { ...reuse.requests, failed: 94 },
    outcomes: { ok: 9_318, 'idle-race': 50, timeout: 44 },
  };
  const [both, , others] = runFindings(withReference(mixed));
  expect(both).toContain('; 1.0 % of 9,412 requests failed (95 % CI 0.8–1.2 %).');
  expect(others).toBe('44 of 9,412 requests of `reuse` failed for other reasons: 44 timeout.');
});

test('runFindings() leads with what failed where nothing raced', () => {
  const change = {
    raceRate: zero,
    requests: { ...reuse.requests, failed: 932 },
    outcomes: { ok: 8_480, refused: 932 },
  };
  const [first, second] = runFindings(withReference(change, 0));
  expect(first).toBe('932 of 9,412 requests of `reuse` failed for other reasons: 932 refused.');
  expect(second).toContain('ran into the idle-timeout race');
});

test('runFindings() says of none what it cannot rule out, by rounds and by requests', () => {
  const requests = { ...reuse.requests, started: 8_000, failed: 0 };
  const change = { raceRate: zero, errorRate: zero, requests, outcomes: { ok: 8_000 } };
  expect(runFindings(withReference(change, 0)).slice(0, 3)).toEqual([
    'None of 8,000 requests of `reuse` failed in any of 5 rounds.',
    'The timing model predicted none.',
    'At most 45 % of rounds contain a failure and, if failures are independent, fewer than 0.037 % of requests fail (95 % confidence).',
  ]);
  expect(runFindings(withReference(change, 9e-7))[1]).toContain('predicted 0.000090 %.');
  expect(runFindings(withReference(change, 0.004))[1]).toContain('which is more than was measured');
});

test('runFindings() counts no slight difference against a strategy, and none that is not available', () => {
  const word = (given: Verdict['word']): Summary => {
    const versusReference = retry.versusReference && {
      ...retry.versusReference,
      cpuPer1000Requests: { ...retry.versusReference.cpuPer1000Requests, word: given },
    };
    return { ...summary, scenarios: [{ ...scenario, strategies: [reuse, { ...retry, versusReference }] }] };
  };
  const free = '`retry` is at most slightly worse in every other figure.';
  expect(runFindings(word('slightly-worse'))).toContain(free);
  expect(runFindings(word('not-available'))).toContain(free);
  expect(runFindings(word('undecided'))).not.toContain(free);
  expect(runFindings(word('worse'))).toContain('It is worse in at least one other figure.');
});

test('runFindings() admits that there is nothing to compare with', () => {
  expect(runFindings(withReference({ raceRate: noRate }))[0]).toContain('no healthy trial');
  expect(runFindings(emptyInput().summary)).toEqual([
    'No trial was finished, so there is nothing to report.',
  ]);
});

test('runFindings() says on which hop requests failed', () => {
  const [finding, second] = runFindings(behindBalancerInput().summary);
  expect(finding).toContain(' requests on the client’s hop (95 % CI ');
  expect(second).toMatch(/ 31 of 1,640 attempts on the second hop failed\.$/);
});

test('runFindings() spans the scenarios of a sweep', () => {
  const [finding, most, better] = runFindings(sweepInput().summary);
  expect(finding).toBe(
    'Over 9 scenarios, 0.6 % to 18.4 % of the requests of `reuse` ran into the idle-timeout race.',
  );
  expect(most).toMatch(
    /^The share was highest at network\.rtt 40ms, target\.idleTimeout 250ms, where the timing model predicted \d+\.\d %\.$/,
  );
  expect(better).toContain('have a better error rate than `reuse` in every scenario.');
});

test('runFindings() of a sweep tells races from failures where they differ', () => {
  const { summary: sweep } = sweepInput();
  const scenarios = sweep.scenarios.map((one) => ({
    ...one,
    strategies: one.strategies.map((strategy) =>
      strategy.label === 'reuse' ? { ...strategy, errorRate: zero } : strategy,
    ),
  }));
  expect(runFindings({ ...sweep, scenarios })[0]).toMatch(/ race, and none failed\.$/);
});
