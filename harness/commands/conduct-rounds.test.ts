import { expect, test } from 'vitest';
import type { OpenVerdict } from '../../results/open-verdicts.ts';
import { recordOf } from '../../test/fixtures/run-record.ts';
import { HarnessError } from '../base/errors.ts';
import type { RunConfig } from '../contract/run-config.ts';
import { conductRounds, type EarlyEnd, firstRounds } from './conduct-rounds.ts';

/** Two strategies in one scenario: a round takes 2 × (warm-up + measured time + 0.3 s) = 10 s by the plan. */
const configOf = (fields: Partial<RunConfig>): RunConfig =>
  recordOf({
    rounds: 40,
    until: { goal: { kind: 'decided' }, timeMsMax: null },
    warmupMs: 700,
    durationMs: 4_000,
    strategies: ['reuse', 'evict'].map((label) => ({ label, parts: [] })),
    ...fields,
  }).config;

const within = (timeMsMax: number) => ({ until: { goal: { kind: 'decided' }, timeMsMax } }) as const;

const oneOpen = [{ scenario: 'main', strategy: 'evict', metric: 'errorRate' } as OpenVerdict];

/** Runs rounds in virtual time; says which blocks ran, and how the run ended. */
async function conduct(
  config: RunConfig,
  {
    decidedAfter = Number.POSITIVE_INFINITY,
    roundMs = 10_000,
    early = () => null,
  }: { decidedAfter?: number; roundMs?: number; early?: (first: number) => EarlyEnd | null } = {},
) {
  let elapsedMs = 0;
  const blocks: string[] = [];
  const looks: number[] = [];
  const end = await conductRounds(config, {
    async run(first, last) {
      blocks.push(`${first}–${last}`);
      elapsedMs += (last - first + 1) * roundMs;
      return early(first);
    },
    look(rounds) {
      looks.push(rounds);
      return rounds >= decidedAfter ? [] : oneOpen;
    },
    elapsedMs: () => elapsedMs,
  });
  return { end, blocks, looks, elapsedMs };
}

test('conductRounds() runs a fixed number of rounds in one block, and looks at nothing', async () => {
  expect(await conduct(configOf({ rounds: 5, until: null }))).toEqual({
    end: { kind: 'finished', reason: 'rounds' },
    blocks: ['1–5'],
    looks: [],
    elapsedMs: 50_000,
  });
});

test('conductRounds() stops at the first look when everything is decided', async () => {
  const { end, blocks } = await conduct(configOf({}), { decidedAfter: 2 });
  expect(end).toEqual({ kind: 'finished', reason: 'decided' });
  expect(blocks).toEqual(['1–3']);
});

test('conductRounds() goes on from look to look while a verdict is open', async () => {
  const { end, blocks, looks } = await conduct(configOf({}), { decidedAfter: 10 });
  expect(end).toEqual({ kind: 'finished', reason: 'decided' });
  expect(blocks).toEqual(['1–3', '4–5', '6–8', '9–12']);
  expect(looks).toEqual([3, 5, 8, 12]);
});

test('conductRounds() stops at the most rounds, and looks at them last', async () => {
  const { end, looks } = await conduct(configOf({ rounds: 10 }));
  expect(end).toEqual({ kind: 'finished', reason: 'rounds-max' });
  expect(looks).toEqual([3, 5, 8, 10]);
});

test('conductRounds() fills the time with whole rounds, looks once more, and stays within it', async () => {
  // Three, then two, then three more would take 80 s: two of them fit.
  const { end, blocks, looks, elapsedMs } = await conduct(configOf(within(75_000)));
  expect(end).toEqual({ kind: 'finished', reason: 'time' });
  expect(blocks).toEqual(['1–3', '4–5', '6–7']);
  expect(looks).toEqual([3, 5, 7]);
  expect(elapsedMs).toBeLessThanOrEqual(75_000);
});

test('conductRounds() stops as decided when the look after the last round that fits says so', async () => {
  const { end } = await conduct(configOf(within(75_000)), { decidedAfter: 7 });
  expect(end).toEqual({ kind: 'finished', reason: 'decided' });
});

test('conductRounds() goes by the time that rounds really take', async () => {
  const { end, blocks } = await conduct(configOf(within(75_000)), { roundMs: 20_000 });
  expect(end).toEqual({ kind: 'finished', reason: 'time' });
  expect(blocks).toEqual(['1–3']);
});

test('conductRounds() runs fewer rounds than the first look needs when no more fit', async () => {
  const config = configOf(within(25_000));
  expect(firstRounds(config)).toBe(2);
  expect(await conduct(config)).toMatchObject({
    end: { kind: 'finished', reason: 'time' },
    blocks: ['1–2'],
    looks: [2],
  });
});

test('firstRounds() is 0 when not even one round fits, and every round when their number is fixed', () => {
  expect(firstRounds(configOf(within(9_999)))).toBe(0);
  expect(firstRounds(configOf({ rounds: 7, until: null }))).toBe(7);
});

test('conductRounds() ends where a block ends early, without another look', async () => {
  const interrupted: EarlyEnd = { kind: 'interrupted' };
  const failed: EarlyEnd = { kind: 'failed', error: new HarnessError('target-lost', 'gone') };
  for (const early of [interrupted, failed]) {
    const { end, looks } = await conduct(configOf({}), { early: (first) => (first === 4 ? early : null) });
    expect(end).toBe(early);
    expect(looks).toEqual([3]);
  }
});

test('conductRounds() lets an interruption through that comes between blocks', async () => {
  const interruption = new Error('Ctrl-C');
  const conducted = conduct(configOf({}), {
    early(first) {
      if (first > 1) throw interruption;
      return null;
    },
  });
  await expect(conducted).rejects.toBe(interruption);
});
