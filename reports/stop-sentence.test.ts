import { expect, test } from 'vitest';
import type { RunConfig, UntilConfig } from '../harness/contract/run-config.ts';
import { comparedMetrics, type Stopped, type Summary, type VerdictKey } from '../harness/contract/summary.ts';
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

/** Of a run that took eight rounds. */
function sentence(config: Partial<RunConfig>, stopped: Stopped, scenarioIds = ['main']): string {
  const scenarios = scenarioIds.map((id) => ({ id, planFingerprints: Array(8).fill('f00d') }));
  return stopSentence({
    run: { config: { scenarios, ...config }, stopped },
    scenarios,
  } as unknown as Summary);
}

test.each<[UntilConfig | null, Stopped, string]>([
  [null, { reason: 'rounds', open: [] }, ''],
  [null, { reason: 'interrupted', open: [] }, ''],
  [until, { reason: 'decided', open: [] }, 'Every verdict was decided after 8 rounds.'],
  [width, { reason: 'decided', open: [] }, 'errorRate(evict) ±0.1 % was reached after 8 rounds.'],
  [until, { reason: 'time', open }, 'These verdicts were not decided within 3m: evict p99, retry cpu.'],
  [
    width,
    { reason: 'rounds-max', open: open.slice(0, 1) },
    'These verdicts were not precise enough after 8 rounds: evict p99.',
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

test('stopSentence() names a scenario where there are several, and lists six verdicts at most', () => {
  expect(sentence({ until }, { reason: 'time', open: open.slice(0, 1) }, ['main', 'far'])).toBe(
    'These verdicts were not decided within 3m: main evict p99.',
  );
  expect(sentence({ until }, { reason: 'time', open: many })).toMatch(
    /: evict errorRate, .*, retry p99, and 6 more\.$/,
  );
});
