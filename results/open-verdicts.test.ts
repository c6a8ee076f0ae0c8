import { expect, test } from 'vitest';
import type { ComparedMetric, Summary, Verdict, VerdictWord } from '../harness/contract/summary.ts';
import { summaryOfVerdicts } from '../test/fixtures/summary.ts';
import { openVerdicts } from './open-verdicts.ts';

const verdict = (word: VerdictWord, low: number | null = null, high: number | null = null): Verdict => ({
  word,
  scale: 'difference',
  effect: { estimate: low === null || high === null ? null : 0, low, high },
  worthwhile: 0.1,
  moreRounds: null,
  reasons: [],
});

/** A summary with these verdicts of `evict`, and no difference in every other. */
function summaryOf(verdicts: Partial<Record<ComparedMetric, Verdict>>): Summary {
  const others = { throughput: verdict('not-available'), ...verdicts };
  return summaryOfVerdicts((metric) => others[metric] ?? verdict('no-difference', -0.01, 0.01));
}

const decided = { goal: { kind: 'decided' } } as const;
const width = {
  goal: { kind: 'width', metric: 'errorRate', strategy: 'evict', halfWidth: 0.001 },
} as const;

test('openVerdicts() lists the undecided ones, by their place in the summary', () => {
  const open = openVerdicts(
    summaryOf({ responseTimeP99: verdict('undecided'), errorRate: verdict('better') }),
    decided,
  );
  expect(open).toEqual([
    { scenario: 'main', strategy: 'evict', metric: 'responseTimeP99', verdict: verdict('undecided') },
  ]);
});

test('openVerdicts() waits for no figure that does not exist or must not be compared', () => {
  const summary = summaryOf({
    errorRate: verdict('no-verdict'),
    cpuPer1000Requests: verdict('not-available'),
  });
  expect(openVerdicts(summary, decided)).toEqual([]);
  expect(openVerdicts(summary, width)).toEqual([]);
});

test.each([
  [-0.0009, 0.0009, []],
  [-0.0002, 0.0011, ['errorRate']],
  [null, null, ['errorRate']],
])('openVerdicts() compares the longer side of the interval (%d, %d) with the goal', (low, high, open) => {
  const summary = summaryOf({
    errorRate: verdict('undecided', low, high),
    responseTimeP99: verdict('undecided'),
  });
  expect(openVerdicts(summary, width).map(({ metric }) => metric)).toEqual(open);
});
