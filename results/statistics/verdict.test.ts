import { expect, test } from 'vitest';
import { studentTQuantile } from './student-t-quantile.ts';
import { type Comparison, judge } from './verdict.ts';

/** Five rounds of a ratio, unless said otherwise; the width goes with 1/√rounds. */
function comparison(low: number | null, high: number | null, change: Partial<Comparison> = {}): Comparison {
  const { scale = 'ratio', rounds = 5 } = change;
  const middle =
    low === null || high === null ? 1 : scale === 'ratio' ? Math.sqrt(low * high) : (low + high) / 2;
  return {
    effect: { estimate: middle, low, high },
    scale,
    moreIsBetter: false,
    rounds,
    worthwhile: 0.1,
    shrinkage: (count) => Math.sqrt(rounds / count),
    ...change,
  };
}

test.each([
  [0.7, 0.8, 'better'],
  [1.2, 1.4, 'worse'],
  [1.02, 1.4, 'worse'],
  [0.93, 0.97, 'slightly-better'],
  [1.001, 1.007, 'slightly-worse'],
  [0.95, 1.05, 'no-difference'],
  [0.95, 1.2, 'undecided'],
] as const)('judge() of a ratio between %f and %f says %s', (low, high, word) => {
  expect(judge(comparison(low, high)).word).toBe(word);
});

test('judge() turns round where more is better', () => {
  expect(judge(comparison(1.2, 1.4, { moreIsBetter: true })).word).toBe('better');
  expect(judge(comparison(0.93, 0.97, { moreIsBetter: true })).word).toBe('slightly-worse');
});

test('judge() of a difference compares with 0', () => {
  const points = { scale: 'difference', worthwhile: 0.0005 } as const;
  expect(judge(comparison(-0.03, -0.02, points)).word).toBe('better');
  expect(judge(comparison(0.0001, 0.0003, points)).word).toBe('slightly-worse');
  expect(judge(comparison(-0.0003, 0.0002, points)).word).toBe('no-difference');
});

test('judge() asks for one more round where one more would exclude no effect', () => {
  // A paired t interval of 3 rounds: 1.3 (0.90 to 1.88).
  const width = (count: number) => studentTQuantile(0.975, count - 1) / Math.sqrt(count);
  const verdict = judge(comparison(0.9, 1.88, { rounds: 3, shrinkage: (count) => width(count) / width(3) }));
  expect(verdict.word).toBe('undecided');
  expect(verdict.moreRounds).toBe(1);
});

test('judge() of an interval that is about twice too wide asks for three times as many rounds more', () => {
  expect(judge(comparison(-0.2, 0.2, { scale: 'difference', rounds: 5 })).moreRounds).toBe(15);
});

test('judge() without an interval after three rounds gives no number', () => {
  expect(judge(comparison(null, null, { rounds: 5 })).moreRounds).toBeNull();
});

test('judge() without an interval asks for a third round', () => {
  expect(judge(comparison(null, null, { rounds: 1 }))).toMatchObject({ word: 'undecided', moreRounds: 2 });
});
