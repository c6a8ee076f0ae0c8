/** The A/A check can hold, fail and refuse: on verdicts made by hand. */
import { expect, test } from 'vitest';
import type { ComparedMetric, Verdict } from '../contract/summary.ts';
import type { Verdicts } from './arms.ts';
import { judgeSame } from './check-same.ts';

const ratio = (low: number, high: number): Verdict => ({
  word: low > 1 ? 'worse' : high < 1 ? 'better' : 'no-difference',
  scale: 'ratio',
  effect: { estimate: Math.sqrt(low * high), low, high },
  worthwhile: 0.1,
  moreRounds: null,
  reasons: [],
});
const rate = (low: number, high: number): Verdict => ({
  ...ratio(1, 1),
  scale: 'difference',
  effect: { estimate: (low + high) / 2, low, high },
});
const without = (word: Verdict['word'], reasons: readonly string[] = []): Verdict => ({
  ...ratio(1, 1),
  word,
  effect: { estimate: null, low: null, high: null },
  reasons,
});
const quiet: Verdicts = {
  errorRate: rate(-0.002, 0.003),
  responseTimeP50: ratio(0.98, 1.03),
  responseTimeP99: ratio(0.9, 1.2),
  cpuPer1000Requests: ratio(0.92, 1.05),
  connectionsOpened: ratio(0.9, 1.1),
  throughput: without('not-available'),
};
const withOne = (metric: ComparedMetric, verdict: Verdict) =>
  judgeSame([quiet, { ...quiet, [metric]: verdict }]);

test('judgeSame() holds where every interval has room for no difference', () => {
  expect(judgeSame([quiet, quiet])).toMatchObject({ status: 'held', healthReasons: [] });
});

test.each([
  ['responseTimeP50', ratio(1.01, 1.05), 'failed'],
  ['cpuPer1000Requests', ratio(0.5, 0.55), 'failed'],
  ['errorRate', rate(0.001, 0.005), 'failed'],
  ['responseTimeP50', ratio(0.2, 5), 'refused'],
  ['errorRate', rate(-0.2, 0.2), 'refused'],
  ['responseTimeP99', without('undecided'), 'refused'],
  ['responseTimeP99', without('not-available', ['too few requests']), 'held'],
  ['errorRate', without('no-verdict', ['the generator was late']), 'refused'],
] as const)('judgeSame(%s) judges %j: %s', (metric, verdict, status) => {
  expect(withOne(metric, verdict).status).toBe(status);
});

test('judgeSame() says each reason once', () => {
  const late = without('no-verdict', ['the generator was late']);
  const all = Object.fromEntries(Object.keys(quiet).map((metric) => [metric, late])) as Verdicts;
  expect(judgeSame([all, all]).healthReasons).toEqual(['the generator was late']);
});

test('judgeSame() refuses when nothing could be compared', () => {
  expect(judgeSame([]).status).toBe('refused');
});
