import { expect, test } from 'vitest';
import { progressLine, startProgress } from './progress.ts';

const state = {
  trialsDone: 6,
  trialsPlanned: 18,
  trialMs: 3_500,
  timeMsMax: Number.POSITIVE_INFINITY,
  current: 'round 2/3 · evict+retry',
  open: '',
  last: 'last: reuse failed 2.9 %',
  elapsedMs: 22_750,
  trialElapsedMs: 1_750,
};

test('progressLine() says how far, how long, what runs and what came last', () => {
  expect(progressLine(state, 140)).toBe(
    '███████░░░░░░░░░░░░░ 6/18 trials · about 41 s left · round 2/3 · evict+retry · last: reuse failed 2.9 %',
  );
});

test('progressLine() says what is open, and never promises more time than there is', () => {
  expect(progressLine({ ...state, timeMsMax: 30_000, open: 'open: evict p99' }, 140)).toBe(
    '███████░░░░░░░░░░░░░ 6/18 trials · about 8 s left · round 2/3 · evict+retry · open: evict p99 · last: reuse failed 2.9 %',
  );
});

test.each([40, 80, 140])('progressLine() never fills a terminal of %i columns', (columns) => {
  expect(progressLine(state, columns).length).toBeLessThan(columns);
});

const plan = { trialsPlanned: 2, trialMs: 10, timeMsMax: Number.POSITIVE_INFINITY, open: '' };

test('startProgress() writes nothing when it is not a terminal', () => {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), isTty: false, columns: 80 };
  const progress = startProgress(output, plan, () => 0);
  progress.trial('a');
  progress.trialDone('b');
  progress.end();
  expect(written).toEqual([]);
});

test('startProgress() counts trials that are added, and takes a forecast from where it is', () => {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), isTty: true, columns: 200 };
  const progress = startProgress(output, plan, () => 0);
  progress.trialAdded();
  progress.trialDone('');
  expect(written.at(-1)).toContain('1/3 trials');
  progress.forecast(4, 'open: evict p99');
  expect(written.at(-1)).toMatch(/1\/5 trials .* open: evict p99/);
  progress.end();
});
