import { expect, test } from 'vitest';
import type { OpenVerdict } from '../../results/open-verdicts.ts';
import type { ComparedMetric } from '../contract/summary.ts';
import { openText, roundsExpected } from './forecast.ts';

const open = (strategy: string, metric: ComparedMetric, moreRounds: number | null): OpenVerdict => ({
  scenario: 'main',
  strategy,
  metric,
  verdict: {
    word: 'undecided',
    scale: 'ratio',
    effect: { estimate: 1, low: 0.8, high: 1.2 },
    worthwhile: 0.1,
    moreRounds,
    reasons: [],
  },
});

test.each<[(number | null)[], number, number]>([
  [[1], 3, 5],
  [[4], 3, 8],
  [[2, 9], 3, 12],
  [[0], 3, 5],
  [[200], 3, 40],
  [[2, null], 3, 40],
  [[], 3, 3],
])(
  'roundsExpected() is the planned look that the slowest verdict needs: %j more after %i',
  (more, done, rounds) => {
    expect(
      roundsExpected(
        more.map((moreRounds) => open('evict', 'responseTimeP99', moreRounds)),
        done,
        40,
      ),
    ).toBe(rounds);
  },
);

test('openText() names two verdicts and counts the rest', () => {
  const all = (['responseTimeP99', 'cpuPer1000Requests', 'errorRate'] as const).map((metric) =>
    open('evict', metric, 1),
  );
  const config = { scenarios: [] };
  expect(openText(all.slice(0, 1), { scenarios: Array(1) })).toBe('open: evict p99');
  expect(openText(all, { scenarios: Array(1) })).toBe('open: evict p99, evict cpu +1 more');
  expect(openText(all.slice(0, 1), config)).toBe('open: main evict p99');
});
