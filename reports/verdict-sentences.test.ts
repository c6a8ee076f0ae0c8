import { expect, test } from 'vitest';
import {
  type ComparedMetric,
  type ScenarioSummary,
  type StrategySummary,
  type Verdict,
  verdictWords,
} from '../harness/contract/summary.ts';
import { fixtureInput } from '../test/fixtures/summary.ts';
import { scenarioVerdicts, verdictSentences } from './verdict-sentences.ts';

const [scenario] = fixtureInput().summary.scenarios;
const [reuse, retry, longIdle] = scenario.strategies;

const verdict = (given: Partial<Verdict>): Verdict => ({
  word: 'no-difference',
  scale: 'ratio',
  effect: { estimate: 1.01, low: 0.97, high: 1.04 },
  worthwhile: 0.1,
  moreRounds: null,
  reasons: [],
  ...given,
});
const effect = (estimate: number, low: number, high: number) => ({ effect: { estimate, low, high } });

const closed: Partial<ScenarioSummary> = {
  config: { ...scenario.config, traffic: { kind: 'closed', clients: 4, requestsMax: 100 } },
};

/** The sentence of a strategy whose verdicts are `given`, the others showing no difference. */
function sentenceFor(
  given: Partial<Record<ComparedMetric, Verdict>>,
  { of = retry, ...change }: Partial<ScenarioSummary> & { of?: StrategySummary } = {},
): string {
  const none = verdict({});
  const versusReference = {
    errorRate: none,
    responseTimeP50: none,
    responseTimeP99: none,
    cpuPer1000Requests: none,
    connectionsOpened: none,
    throughput: verdict({ word: 'not-available', reasons: ['the load plan decides'] }),
    ...given,
  };
  const strategies = [reuse, { ...of, versusReference }];
  return verdictSentences({ ...scenario, strategies, ...change }, 'reuse')[0];
}

test.each<[string, ComparedMetric, Verdict, string]>([
  [
    'points lower',
    'errorRate',
    verdict({ scale: 'difference', word: 'better', ...effect(-0.029, -0.034, -0.025) }),
    'better in error rate (2.9 percentage points lower, 2.5 to 3.4);',
  ],
  [
    'points higher',
    'errorRate',
    verdict({ scale: 'difference', word: 'worse', ...effect(0.012, 0.01, 0.02) }),
    'worse in error rate (1.2 percentage points higher, 1.0 to 2.0);',
  ],
  [
    'within points',
    'errorRate',
    verdict({ scale: 'difference', ...effect(0, -0.002, 0.003) }),
    'no difference seen in error rate (within ±0.30 percentage points)',
  ],
  [
    'a slight effect',
    'responseTimeP50',
    verdict({ word: 'slightly-worse', ...effect(1.08, 1.04, 1.09) }),
    'slightly worse in p50 (8 % higher, 4 % to 9 %);',
  ],
  [
    'a slight gain',
    'responseTimeP99',
    verdict({ word: 'slightly-better', ...effect(0.95, 0.92, 0.98) }),
    'slightly better in p99 (5 % lower, 2 % to 8 %);',
  ],
  [
    'more CPU',
    'cpuPer1000Requests',
    verdict({ word: 'worse', ...effect(1.18, 1.11, 1.26) }),
    'worse in CPU (18 % more, 11 % to 26 %);',
  ],
  [
    'times',
    'connectionsOpened',
    verdict({ word: 'worse', ...effect(3.1, 2.9, 3.3) }),
    'worse in connections opened (3.10 times as many, 2.90 to 3.30);',
  ],
  [
    'next to nothing',
    'connectionsOpened',
    verdict({ word: 'better', ...effect(0.004, 0.003, 0.006) }),
    'better in connections opened (0.40 % of the reference’s, 0.30 % to 0.60 %);',
  ],
  [
    'rounds to add',
    'cpuPer1000Requests',
    verdict({ word: 'undecided', moreRounds: 12 }),
    'undecided: CPU (about 12 more rounds would settle it; see --until).',
  ],
  [
    'one round to add',
    'cpuPer1000Requests',
    verdict({ word: 'undecided', moreRounds: 1 }),
    '(about 1 more round would settle it;',
  ],
  [
    'too many rounds',
    'cpuPer1000Requests',
    verdict({ word: 'undecided' }),
    'undecided: CPU (more than 1,000 more rounds would be needed).',
  ],
  [
    'what does not exist',
    'cpuPer1000Requests',
    verdict({ word: 'not-available', reasons: ['the target’s process is unknown'] }),
    'not available: CPU (the target’s process is unknown).',
  ],
  [
    'why not',
    'errorRate',
    verdict({ word: 'no-verdict', reasons: ['the target was lost'] }),
    'no verdict: error rate (the target was lost).',
  ],
])('verdictSentences() says %s', (_, metric, given, text) => {
  expect(sentenceFor({ [metric]: given })).toContain(text);
});

test('verdictSentences() of a run that stops when it knows does not point to --until', () => {
  const inference = {
    comparisons: 5,
    familyErrorMax: 0.05,
    levelAtThisLook: 0.01,
    rounds: 8,
    look: { number: 3, roundsMax: 40 },
  };
  const undecided = verdict({ word: 'undecided', moreRounds: 4 });
  expect(sentenceFor({ cpuPer1000Requests: undecided }, { inference })).toContain(
    'undecided: CPU (about 4 more rounds would settle it).',
  );
});

test('verdictSentences() of several undecided figures explains the number of rounds once', () => {
  const undecided = (moreRounds: number | null) => verdict({ word: 'undecided', moreRounds });
  const given = {
    responseTimeP50: undecided(25),
    responseTimeP99: undecided(210),
    connectionsOpened: undecided(null),
  };
  expect(sentenceFor(given)).toContain(
    'undecided: p50 (about 25 more rounds would settle it; see --until), p99 (about 210) and connections opened (more than 1,000 more rounds would be needed).',
  );
});

test('verdictSentences() asks for three rounds where there are fewer', () => {
  const inference = { comparisons: 5, familyErrorMax: 0.05, levelAtThisLook: 0.05, rounds: 2, look: null };
  const undecided = verdict({ word: 'undecided' });
  expect(sentenceFor({ errorRate: undecided }, { inference })).toContain(
    'undecided: error rate (an interval needs at least 3 rounds).',
  );
});

test('verdictSentences() says that a strategy opened none, instead of 100 % fewer', () => {
  const better = verdict({ word: 'better', ...effect(0.0003, 0.0003, 0.0003) });
  expect(sentenceFor({ connectionsOpened: better }, { of: longIdle })).toContain(
    'better in connections opened (none);',
  );
});

test('verdictSentences() says that the reference opened none, instead of 600 times as many', () => {
  const worse = verdict({ word: 'worse', ...effect(600, 500, 700) });
  const versusReference = retry.versusReference && { ...retry.versusReference, connectionsOpened: worse };
  const strategies = [longIdle, { ...retry, versusReference }];
  expect(verdictSentences({ ...scenario, strategies }, 'long-idle').at(-1)).toContain(
    'connections opened (the reference has none)',
  );
});

test('verdictSentences() compares throughput of closed traffic only, where more is better', () => {
  const throughput = verdict({ word: 'better', ...effect(1.12, 1.09, 1.15) });
  expect(sentenceFor({ throughput }, closed)).toContain(
    'better in throughput (12 % more answers per second, 9 % to 15 %);',
  );
  expect(sentenceFor({ throughput })).not.toContain('throughput');
});

test('verdictSentences() names what it is about and how far no difference reaches', () => {
  expect(sentenceFor({})).toMatch(/^retry: no difference seen in error rate \(within ±4 %\), p50 /);
});

test('verdictSentences() gives the reasons of a strategy once, not once for each figure', () => {
  const none = verdict({ word: 'no-verdict', reasons: ['the generator was late: p99 54.5 ms', 'no wire'] });
  const all = {
    errorRate: none,
    responseTimeP50: none,
    responseTimeP99: none,
    cpuPer1000Requests: none,
    connectionsOpened: none,
  };
  expect(sentenceFor(all)).toBe('retry: no verdict: the generator was late: p99 54.5 ms; no wire.');
  expect(sentenceFor({ ...all, errorRate: verdict({}) })).toContain(
    'no verdict: p50, p99, CPU and connections opened (the generator was late: p99 54.5 ms; no wire).',
  );
});

test('scenarioVerdicts() covers each word of the vocabulary, and not the reference', () => {
  const verdicts = scenarioVerdicts(scenario, 'reuse');
  expect(verdicts.map(({ strategy }) => strategy.label)).not.toContain('reuse');
  const words = verdicts.flatMap(({ clauses }) => clauses.map(({ word }) => word));
  expect([...new Set(words)].sort()).toEqual([...verdictWords].sort());
});
