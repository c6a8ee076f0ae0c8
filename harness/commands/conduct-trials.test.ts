import { expect, test } from 'vitest';
import { planOf } from '../../test/fixtures/plan.ts';
import { identityOf, trialResultOf } from '../../test/fixtures/trial-result.ts';
import { trialSetupOf } from '../../test/fixtures/trial-setup.ts';
import type { TrialIdentity } from '../contract/trial.ts';
import type { TrialSetup } from '../engine/trial-parts.ts';
import { conductTrials, repeatUnhealthy } from './conduct-trials.ts';

const identity = (strategyId: string) => identityOf({ strategyId });

type Fate = 'healthy' | 'unhealthy' | 'lost';

/** As the engine does: the next setup is taken before the result of the last one is given. */
async function* runInVirtualTime(setups: Iterable<TrialSetup>, fate: (of: TrialIdentity) => Fate) {
  let last: TrialIdentity | null = null;
  const resultOf = (of: TrialIdentity) =>
    trialResultOf({
      identity: of,
      ...(fate(of) === 'lost' ? { generator: null } : {}),
      health: { ok: fate(of) === 'healthy', reasons: ['the generator was late'] },
    });
  for (const setup of setups) {
    if (last !== null) yield resultOf(last);
    last = setup.identity;
  }
  if (last !== null) yield resultOf(last);
}

async function conduct(
  names: readonly string[],
  fate: (of: TrialIdentity) => Fate,
  { repeatsMax = 2, isTime = () => true }: { repeatsMax?: number; isTime?: () => boolean } = {},
) {
  const stored: string[] = [];
  const end = await conductTrials(names.map(identity), {
    folder: 'results/runs/one',
    run: (setups) => runInVirtualTime(setups, fate),
    setup: (of) => trialSetupOf('', planOf(), { identity: of }),
    store: ({ identity: { id } }) => void stored.push(id.replace(/^main\.|\.r1/g, '')),
    repeat: repeatUnhealthy(repeatsMax, isTime),
  });
  return { end, stored };
}

const firstAttemptOf = (name: string) => (of: TrialIdentity) =>
  of.strategyId === name && of.attempt === 1 ? 'unhealthy' : 'healthy';

test('conductTrials() runs every trial once, in order, when all are healthy', async () => {
  expect(await conduct(['a', 'b', 'c'], () => 'healthy')).toEqual({ end: null, stored: ['a', 'b', 'c'] });
});

test('conductTrials() runs an unhealthy trial again as soon as the engine asks for another one', async () => {
  const { stored } = await conduct(['a', 'b', 'c', 'd'], firstAttemptOf('a'));
  expect(stored).toEqual(['a', 'b', 'a.again1', 'c', 'd']);
});

test('conductTrials() runs the last trial again too', async () => {
  expect((await conduct(['a', 'b'], firstAttemptOf('b'))).stored).toEqual(['a', 'b', 'b.again1']);
});

test('conductTrials() repeats a trial until it is healthy, and no more often than allowed', async () => {
  const ofA = (attempts: number) => (of: TrialIdentity) =>
    of.strategyId === 'a' && of.attempt <= attempts ? 'unhealthy' : 'healthy';
  expect((await conduct(['a'], ofA(2))).stored).toEqual(['a', 'a.again1', 'a.again2']);
  expect((await conduct(['a'], ofA(9))).stored).toEqual(['a', 'a.again1', 'a.again2']);
  expect((await conduct(['a'], ofA(9), { repeatsMax: 0 })).stored).toEqual(['a']);
});

test('conductTrials() repeats nothing when there is no time for it', async () => {
  expect((await conduct(['a', 'b'], firstAttemptOf('b'), { isTime: () => false })).stored).toEqual([
    'a',
    'b',
  ]);
});

test('conductTrials() gives up repeating while no trial is healthy, and begins again after one that is', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const fate = ({ strategyId, attempt }: TrialIdentity) =>
    strategyId === 'e' || (strategyId === 'f' && attempt > 1) ? 'healthy' : 'unhealthy';
  const { stored } = await conduct(names, fate, { repeatsMax: 1 });
  expect(stored).toEqual(['a', 'b', 'a.again1', 'b.again1', 'c', 'd', 'e', 'f', 'g', 'f.again1', 'g.again1']);
});

test('conductTrials() ends at a lost target, and runs nothing again', async () => {
  const { end, stored } = await conduct(['a', 'b', 'c'], ({ strategyId }) =>
    strategyId === 'a' ? 'lost' : 'healthy',
  );
  expect(stored).toEqual(['a']);
  expect(end).toMatchObject({
    kind: 'failed',
    error: { code: 'target-lost', hint: 'idlerace report results/runs/one' },
  });
});

test('repeatUnhealthy() keeps round, order, and plan of the attempt that it repeats', () => {
  const repeat = repeatUnhealthy(2, () => true);
  const unhealthy = (of: TrialIdentity) => trialResultOf({ identity: of, health: { ok: false } });
  const first = { ...identity('a'), round: 3, order: 2 };
  const second = repeat(unhealthy(first));
  expect(second).toEqual({ ...first, id: 'main.a.r1.again1', attempt: 2 });
  expect(second && repeat(unhealthy(second))).toEqual({ ...first, id: 'main.a.r1.again2', attempt: 3 });
});
