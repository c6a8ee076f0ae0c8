/** The simulation in short, and that it can fail: bars that wrong intervals pass would prove nothing. */
import { expect, test } from 'vitest';
import type { Verdict } from '../harness/contract/summary.ts';
import { exceptionOf, missedBars } from './coverage/bars.ts';
import { type Compare, compareRun, compareSingly, coverAuto, coverRounds } from './coverage/cover-world.ts';
import { exceptions } from './coverage/exceptions.ts';
import { contradicts, figures } from './coverage/tally.ts';
import { type World, worlds } from './coverage/worlds.ts';
import { coverZero } from './coverage/zero-case.ts';

const runs = 60;

function world(name: string): World {
  const found = worlds.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no world "${name}"`);
  return found;
}

const barsMissed = (...tally: Parameters<typeof missedBars>) => missedBars(...tally).map(({ bar }) => bar);

test.each(['calm', 'stalls', 'outages', 'heavy loss', 'timeouts', 'tiny counts'])(
  'all intervals of a run hold together, and wrong words are rare: %s',
  (name) => {
    const tally = coverRounds(world(name), 5, runs);
    expect(tally.allHold / runs).toBeGreaterThanOrEqual(0.94);
    expect(tally.anyWrong / runs).toBeLessThanOrEqual(0.06);
    expect(tally.of('responseTimeP50').table.share).toBeGreaterThan(0.85);
  },
);

test('true differences are found', () => {
  const tally = coverRounds(world('differences'), 5, runs);
  expect(barsMissed(tally)).not.toContain('power');
  for (const metric of figures) expect(tally.of(metric).differences, metric).toBeGreaterThan(0);
});

test('a run that ends when all is decided says no more wrong words', () => {
  const tally = coverAuto(world('differences'), 8);
  expect(tally.roundsUsed / tally.runs).toBeGreaterThan(5);
  expect(tally.roundsUsed / tally.runs).toBeLessThanOrEqual(40);
  expect(barsMissed(tally)).toEqual([]);
});

test('a t-test for each comparison, 95 % each, misses the bars', () => {
  const missed = barsMissed(coverRounds(world('calm'), 5, runs, compareSingly));
  expect(missed).toContain('words');
  expect(missed).toContain('together');
});

test('intervals that are far too wide miss the bars', () => {
  const wide: Compare = (trials, level) => {
    // As wide as at a level far below the one that was asked for.
    return compareRun(trials, level / 10_000);
  };
  expect(barsMissed(coverRounds(world('differences'), 5, 20, wide))).toContain('power');
});

test('intervals of the table that are too narrow or too wide miss the bars', () => {
  const tally = coverRounds(world('calm'), 5, runs);
  const { table } = tally.of('responseTimeP50');
  for (let more = 0; more < 10 * runs; more++) table.add({ estimate: 1, low: 0.5, high: 2 }, 1, 'ratio');
  expect(missedBars(tally)).toContainEqual(
    expect.objectContaining({ bar: 'table', figure: 'responseTimeP50' }),
  );
  for (let more = 0; more < 10 * runs; more++) table.add({ estimate: 2, low: 1.5, high: 2.5 }, 1, 'ratio');
  expect(missedBars(tally).find(({ figure }) => figure === 'responseTimeP50')?.share).toBeLessThan(0.6);
});

test('without a failure, 3/n does not hold where failures come in rare bad rounds; the bound on bad rounds does', () => {
  const { independentHolds, badRoundsHolds } = coverZero(5, 0.1, 500);
  expect(independentHolds).toBe(0);
  expect(badRoundsHolds).toBe(1);
  // The hardest case: a share just above the bound of 45 % at five rounds.
  expect(coverZero(5, 0.46, 4_000).badRoundsHolds).toBeGreaterThan(0.94);
  expect(coverZero(5, 0.46, 4_000).badRoundsHolds).toBeLessThan(0.97);
});

const verdict = (word: Verdict['word'], scale: Verdict['scale'] = 'ratio'): Verdict => ({
  word,
  scale,
  effect: { estimate: 1, low: 1, high: 1 },
  worthwhile: 0.1,
  moreRounds: null,
  reasons: [],
});

test.each([
  ['worse', 1.05, false],
  ['worse', 1, true],
  ['worse', 0.9, true],
  ['better', 0.9, false],
  ['better', 1, true],
  ['slightly-worse', 1.05, false],
  ['slightly-worse', 1.2, true],
  ['slightly-better', 1.05, true],
  ['no-difference', 1.05, false],
  ['no-difference', 1.2, true],
  ['undecided', 2, false],
  ['not-available', 2, false],
] as const)('"%s" of a true ratio of %d: contradicted is %s', (word, truth, expected) => {
  expect(contradicts(verdict(word), truth)).toBe(expected);
});

test('an exception is for one world, one bar, and the lengths and figures that it names', () => {
  const [exception] = exceptions;
  const { bar, world: name, rounds, figures: of } = exception;
  const missed = { bar, world: name, rounds: rounds[0], figure: of?.[0] ?? null, share: 0.5, expected: '' };
  expect(exceptionOf(missed, exceptions)).toBe(exception);
  expect(exceptionOf({ ...missed, world: 'heavy loss' }, exceptions)).toBeNull();
  expect(exceptionOf({ ...missed, bar: 'power' }, exceptions)).toBeNull();
});
