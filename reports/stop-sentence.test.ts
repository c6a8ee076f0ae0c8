import { expect, test } from 'vitest';
import type { RunConfig, UntilConfig } from '../harness/contract/run-config.ts';
import { comparedMetrics, type Stopped, type Verdict, type VerdictKey } from '../harness/contract/summary.ts';
import { summaryOfVerdicts } from '../test/fixtures/summary.ts';
import { stopSentence } from './stop-sentence.ts';

const until: UntilConfig = { goal: { kind: 'decided' }, timeMsMax: 180_000 };
const width: UntilConfig = {
  goal: { kind: 'width', metric: 'errorRate', strategy: 'evict', halfWidth: 0.001 },
  timeMsMax: null,
};
const open: VerdictKey[] = [
  { scenario: 'main', strategy: 'evict', metric: 'responseTimeP99' },
  { scenario: 'main', strategy: 'retry', metric: 'cpuPer1000Requests' },
];
const many = comparedMetrics.flatMap((metric) => [
  { scenario: 'main', strategy: 'evict', metric },
  { scenario: 'main', strategy: 'retry', metric },
]);

/** Of a run that took eight rounds. Every verdict of `evict` is `verdict`. */
function sentence(
  config: Partial<RunConfig>,
  stopped: Stopped,
  scenarioIds = ['main'],
  change: Partial<Verdict> = {},
): string {
  const verdict: Verdict = {
    word: 'better',
    scale: 'difference',
    effect: { estimate: -0.03, low: -0.041, high: -0.02 },
    worthwhile: 0.1,
    moreRounds: null,
    reasons: [],
    ...change,
  };
  const { run, scenarios, ...others } = summaryOfVerdicts(() => verdict, scenarioIds);
  const rounds = { planFingerprints: Array<string>(8).fill('f00d') };
  const configs = scenarios.map((scenario) => ({ ...scenario.config, id: scenario.id }));
  return stopSentence({
    ...others,
    run: { ...run, stopped, config: { ...run.config, scenarios: configs, ...config } },
    scenarios: scenarios.map((scenario) => ({ ...scenario, ...rounds })),
  });
}

test.each<[UntilConfig | null, Stopped, string]>([
  [null, { reason: 'rounds', open: [] }, ''],
  [null, { reason: 'interrupted', open: [] }, ''],
  [until, { reason: 'decided', open: [] }, 'Every verdict was decided after 8 rounds.'],
  [width, { reason: 'decided', open: [] }, 'errorRate(evict) ±0.1 % was reached after 8 rounds.'],
  [until, { reason: 'time', open }, 'These verdicts were not decided within 3m: evict p99, retry cpu.'],
  [
    width,
    { reason: 'rounds-max', open: [{ scenario: 'main', strategy: 'evict', metric: 'errorRate' }] },
    'errorRate(evict) ±0.1 % was not reached after 8 rounds: the interval reaches ±1.1 %.',
  ],
  [
    until,
    { reason: 'rounds-max', open },
    'These verdicts were not decided after 8 rounds: evict p99, retry cpu.',
  ],
  [
    until,
    { reason: 'interrupted', open },
    'The run was interrupted before every verdict was decided; still open: evict p99, retry cpu.',
  ],
  [until, { reason: 'interrupted', open: [] }, 'The run was interrupted before every verdict was decided.'],
])('stopSentence() says what ended the run (%#)', (config, stopped, text) => {
  expect(sentence({ until: config }, stopped)).toBe(text);
});

test('stopSentence() never calls decided or reached what has no verdict', () => {
  const stopped: Stopped = { reason: 'decided', open: [] };
  const late = { word: 'no-verdict', reasons: ['the generator was late'] } as const;
  expect(sentence({ until }, stopped, ['main'], late)).toBe(
    'Ended after 8 rounds without a verdict on evict: the generator was late. Every other verdict is decided.',
  );
  const unknown = { word: 'not-available', reasons: ['the target’s process is unknown'] } as const;
  expect(sentence({ until }, stopped, ['main'], unknown)).toBe('Every verdict was decided after 8 rounds.');
  expect(sentence({ until: width }, stopped, ['main'], unknown)).toBe(
    'Ended after 8 rounds without a verdict on evict errorRate: the target’s process is unknown.',
  );
});

test('stopSentence() names a scenario where there are several, and lists six verdicts at most', () => {
  expect(sentence({ until }, { reason: 'time', open: open.slice(0, 1) }, ['main', 'far'])).toBe(
    'These verdicts were not decided within 3m: main evict p99.',
  );
  expect(sentence({ until }, { reason: 'time', open: many })).toMatch(
    /: evict errorRate, .*, retry p99, and 6 more\.$/,
  );
});
