import { expect, test } from 'vitest';
import { digestTrial } from './digest-trial.ts';
import { gaps } from './race-law-fixture.ts';
import { trialOf } from './trial-fixture.ts';

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
