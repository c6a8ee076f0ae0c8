import { expect, test } from 'vitest';
import { progressLine, startProgress } from './progress.ts';

const state = {
  trialsDone: 6,
  trialsPlanned: 18,
  trialMs: 3_500,
  current: 'round 2/3 · evict+retry',
  last: 'last: reuse lost 2.9 %',
  elapsedMs: 22_750,
  trialElapsedMs: 1_750,
};

test('progressLine() says how far, how long, what runs and what came last', () => {
  expect(progressLine(state, 140)).toBe(
    '███████░░░░░░░░░░░░░ 6/18 trials · about 41 s left · round 2/3 · evict+retry · last: reuse lost 2.9 %',
  );
});

test.each([40, 80, 140])('progressLine() never fills a terminal of %i columns', (columns) => {
  expect(progressLine(state, columns).length).toBeLessThan(columns);
});

test('startProgress() writes nothing when it is not a terminal', () => {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), isTty: false, columns: 80 };
  const progress = startProgress(output, { trialsPlanned: 2, trialMs: 10 }, () => 0);
  progress.trial('a');
  progress.trialDone('b');
  progress.end();
  expect(written).toEqual([]);
});
