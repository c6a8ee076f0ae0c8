import { expect, test } from 'vitest';
import { gaps } from '../test/fixtures/race-law.ts';
import { trialOf } from '../test/fixtures/trial.ts';
import { digestTrial, fatesOf, measuredRows } from './digest-trial.ts';

test('digestTrial() counts a request as fresh only when it had a connection', () => {
  const plan = gaps(1, 4, () => 10);
  const trial = trialOf({
    requests: [{}, { idleAgeMs: 5 }, { outcome: 'timeout' }, { outcome: 'timeout' }],
  });
  const { generator } = trial;
  if (generator === null) throw new Error('no generator');
  // The last one gave up in line: it was never handed to a connection.
  generator.requests.sentNs[3] = Number.NaN;
  const { started, fresh } = digestTrial(plan, trial, generator);
  expect({ started, fresh }).toEqual({ started: 4, fresh: 2 });
});

test('digestTrial() takes a request that was never sent for one that was given up, like a timeout', () => {
  const plan = gaps(1, 4, () => 10);
  const requests = (['ok', 'timeout', 'idle-race', 'dropped'] as const).map((outcome) => ({ outcome }));
  const trial = trialOf({ requests });
  const { generator } = trial;
  if (generator === null) throw new Error('no generator');
  const { started, failed } = digestTrial(plan, trial, generator);
  const { gaveUp, successMs } = fatesOf(plan, generator, measuredRows(plan, generator));
  expect([...gaveUp]).toEqual([0, 1, 0, 1]);
  expect([...successMs].map(Number.isFinite)).toEqual([true, false, false, false]);
  expect({ started, failed }).toEqual({ started: 3, failed: 2 });
});
