/** The A/A check can hold, fail and refuse: on verdicts made by hand. */
import { expect, test } from 'vitest';
import type { ComparedMetric, Verdict } from '../../contract/summary.ts';
import type { Verdicts } from './arms.ts';
import { judgeSame } from './check-same.ts';
import { widened } from './widened.ts';

const ratio = (low: number, high: number): Verdict => ({
  word: low > 1 ? 'worse' : high < 1 ? 'better' : 'no-difference',
  scale: 'ratio',
  effect: { estimate: Math.sqrt(low * high), low, high },
  moreRounds: null,
  reasons: [],
});
const rate = (low: number, high: number): Verdict => ({
  ...ratio(1, 1),
  scale: 'difference',
  effect: { estimate: (low + high) / 2, low, high },
});
const quiet: Verdicts = {
  errorRate: rate(-0.002, 0.003),
  responseTimeP50: ratio(0.98, 1.03),
  responseTimeP99: ratio(0.9, 1.2),
  cpuPer1000Requests: ratio(0.92, 1.05),
  connectionsOpened: ratio(0.9, 1.1),
};
const withOne = (metric: ComparedMetric, verdict: Verdict) => judgeSame({ ...quiet, [metric]: verdict }, 5);

test('judgeSame() holds where every interval has room for no difference', () => {
  expect(judgeSame(quiet, 5)).toMatchObject({ status: 'held', healthReasons: [] });
});

test.each([
  // One 95 % interval in five that misses by a little is no news.
  ['responseTimeP50', ratio(1.01, 1.05), 'held'],
  ['responseTimeP50', ratio(1.2, 1.25), 'failed'],
  ['cpuPer1000Requests', ratio(0.5, 0.55), 'failed'],
  ['errorRate', rate(0.001, 0.005), 'held'],
  ['errorRate', rate(0.02, 0.024), 'failed'],
  ['responseTimeP50', ratio(0.2, 5), 'refused'],
  ['errorRate', rate(-0.2, 0.2), 'refused'],
  [
    'responseTimeP99',
    { ...ratio(1, 1), word: 'not-enough-data', effect: { estimate: 1.1, low: null, high: null } },
    'refused',
  ],
  ['errorRate', { ...rate(0, 0), word: 'no-verdict', reasons: ['the generator was late'] }, 'refused'],
] as const)('judgeSame(%s) judges %j: %s', (metric, verdict, status) => {
  expect(withOne(metric, verdict).status).toBe(status);
});

test('judgeSame() refuses when nothing could be compared', () => {
  expect(judgeSame(undefined, 5).status).toBe('refused');
});

test('widened() leaves the estimate in the middle and multiplies the distance on its own scale', () => {
  const { low, high, halfWidth } = widened(ratio(1 / 1.1, 1.1), 5);
  expect(low * high).toBeCloseTo(1, 9);
  // t(0.9995, 4) / t(0.975, 4) = 8.610 / 2.776
  expect(Math.log(high) / Math.log(1.1)).toBeCloseTo(3.1, 1);
  expect(halfWidth).toBeCloseTo(0.1, 9);
  expect(widened(rate(-0.01, 0.01), 5).high).toBeCloseTo(0.0168, 3);
});
