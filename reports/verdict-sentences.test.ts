import { expect, test } from 'vitest';
import type { StrategySummary, Summary, Verdict } from '../harness/contract/summary.ts';
import { emptyInput, fixtureInput, sweepInput } from './fixture-summary.ts';
import { runFindings, verdictSentence } from './verdict-sentences.ts';

const { summary } = fixtureInput();
const [reuse, , longIdle] = summary.scenarios[0].strategies;

const verdict = (given: Partial<Verdict>): Verdict => ({
  word: 'no-difference',
  scale: 'ratio',
  effect: { estimate: 1.01, low: 0.97, high: 1.04 },
  moreRounds: null,
  reasons: [],
  ...given,
});
const difference: Partial<Verdict> = { scale: 'difference' };

/** The sentence about one error rate verdict and four p50-like ones without a difference. */
function sentenceFor(errorRate: Verdict, others = verdict({})): string {
  const versusReference = {
    errorRate,
    responseTimeP50: others,
    responseTimeP99: others,
    cpuPer1000Requests: others,
    connectionsOpened: others,
  };
  return verdictSentence({ ...longIdle, versusReference }) ?? '';
}

test.each<[string, Verdict, string]>([
  [
    'points lower',
    verdict({ ...difference, word: 'better', effect: { estimate: -0.029, low: -0.034, high: -0.025 } }),
    'better in error rate (2.9 points lower, 2.5 to 3.4);',
  ],
  [
    'points higher',
    verdict({ ...difference, word: 'worse', effect: { estimate: 0.012, low: 0.01, high: 0.02 } }),
    'worse in error rate (1.2 points higher, 1.0 to 2.0);',
  ],
  [
    'within points',
    verdict({ ...difference, effect: { estimate: 0, low: -0.002, high: 0.003 } }),
    'no difference seen in error rate (within ±0.30 points)',
  ],
  [
    'per cent',
    verdict({ word: 'worse', effect: { estimate: 1.18, low: 1.11, high: 1.26 } }),
    'worse in error rate (18 % higher, 11 % to 26 %);',
  ],
  [
    'times',
    verdict({ word: 'worse', effect: { estimate: 3.1, low: 2.9, high: 3.3 } }),
    'worse in error rate (3.10 times as high, 2.90 to 3.30);',
  ],
  [
    'rounds to add',
    verdict({ word: 'not-enough-data', moreRounds: 3 }),
    'not enough data for error rate (run about 3 more rounds).',
  ],
  ['one round to add', verdict({ word: 'not-enough-data', moreRounds: 1 }), '(run about 1 more round).'],
  ['unknown rounds', verdict({ word: 'not-enough-data' }), 'not enough data for error rate.'],
  [
    'why not',
    verdict({ word: 'no-verdict', reasons: ['target lost'] }),
    'no verdict: error rate, target lost.',
  ],
])('verdictSentence() says %s', (_, given, text) => {
  expect(sentenceFor(given)).toContain(text);
});

test('verdictSentence() names what it is about and how far no difference reaches', () => {
  const none = verdict({});
  expect(sentenceFor(none)).toMatch(/^long-idle: no difference seen in error rate \(within ±4 %\), p50 /);
});

test('verdictSentence() gives the reasons once when nothing can be said', () => {
  const none = verdict({ word: 'no-verdict', reasons: ['generator late'] });
  expect(sentenceFor(none, none)).toBe('long-idle: no verdict: generator late.');
});

test('verdictSentence() is null for the reference', () => {
  expect(verdictSentence(reuse)).toBeNull();
});

function withReference(change: Partial<StrategySummary>): Summary {
  const [scenario] = summary.scenarios;
  const strategies = [{ ...reuse, ...change }, ...scenario.strategies.slice(1)];
  return { ...summary, scenarios: [{ ...scenario, strategies }] };
}

test('runFindings() opens with the loss, its interval and the prediction', () => {
  const [finding, better, free] = runFindings(summary);
  expect(finding).toMatch(
    /^reuse loses 2\.9 % of requests to the race \(2\.\d % to 3\.\d %\); the law predicted 3\.0 %\.$/,
  );
  expect(better).toBe('Better error rate than reuse: retry, long-idle, short-lived, evict and evict+retry.');
  expect(free).toBe('And no worse in any other figure: retry and long-idle.');
});

test('runFindings() says of none what it cannot rule out', () => {
  const [finding] = runFindings(withReference({ raceRate: { estimate: 0, low: 0, high: 0.0004 } }));
  expect(finding).toContain('reuse lost none of 9,412 requests to the race: 0 (< 0.032 %)');
});

test('runFindings() admits that there is nothing to compare with', () => {
  const none = { estimate: null, low: null, high: null };
  expect(runFindings(withReference({ raceRate: none }))[0]).toContain('no healthy trial');
  expect(runFindings(emptyInput().summary)).toEqual([
    'No trial was finished, so there is nothing to report.',
  ]);
});

test('runFindings() spans the scenarios of a sweep', () => {
  const [finding, better] = runFindings(sweepInput().summary);
  expect(finding).toMatch(/^Over 9 scenarios reuse loses between 0\.6 % and 18\.4 % of requests/);
  expect(finding).toContain('network.rtt 40ms, target.idleTimeout 250ms');
  expect(better).toContain('in every scenario: retry, long-idle');
});
