/** What is said of runs whose truth is known: each case once led to a wrong word. */
import { describe, expect, test } from 'vitest';
import { type Prng, prng } from '../harness/base/prng.ts';
import { worthwhileDefaults } from '../harness/contract/run-config.ts';
import { type ComparedMetric, comparedMetrics, type Verdict } from '../harness/contract/summary.ts';
import { countedTrialOf, type TrialNumbers } from '../test/fixtures/counted-trial.ts';
import { type ComparisonSetup, compareStrategies } from './compare-strategies.ts';
import type { HealthyTrial } from './counted-trial.ts';

const requests = 2_000;
const lost = Number.POSITIVE_INFINITY;

interface Cell {
  readonly random: Prng;
  readonly round: number;
  /** Response times of this trial; about 10 ms, and the same requests are the slow ones in every trial. */
  readonly times: Float64Array;
}
type Strategy = (cell: Cell) => Partial<Omit<TrialNumbers, 'label' | 'round'>>;

/** Trials of strategies that share a plan: request n of a round is fast or slow for all of them. */
function trialsOf(
  strategies: Record<string, Strategy>,
  rounds: number,
  seed = 1,
): Map<string, HealthyTrial[]> {
  const random = prng(seed, 'compare');
  const all = new Map<string, HealthyTrial[]>(Object.keys(strategies).map((label) => [label, []]));
  for (let round = 1; round <= rounds; round++) {
    const plan = Float64Array.from({ length: requests }, () => 8 + 4 * random() ** 4);
    let reference: TrialNumbers | null = null;
    for (const [label, strategy] of Object.entries(strategies)) {
      const noise = 1 + 0.01 * (random() - 0.5);
      const times = plan.map((ms) => ms * noise * (1 + 0.02 * random()));
      const cell = { cpuMs: 300 * (1 + 0.02 * (random() - 0.5)), connectionsOpened: 100 };
      const traits = strategy({ random, round, times });
      const numbers: TrialNumbers = { label, round, successMs: times, ...cell, ...traits };
      all.get(label)?.push(countedTrialOf(numbers, reference));
      reference ??= numbers;
    }
  }
  return all;
}

function compare(trials: ComparisonSetup['trials'], options: Partial<ComparisonSetup> = {}) {
  return compareStrategies({
    trials,
    reference: 'reuse',
    loop: 'open',
    worthwhile: worthwhileDefaults,
    level: 0.05,
    ...options,
  });
}

function verdictOf(trials: ComparisonSetup['trials'], metric: ComparedMetric, options = {}): Verdict {
  const verdict = compare(trials, options).verdicts.get('other')?.[metric];
  if (verdict === undefined) throw new Error('no verdict on "other"');
  return verdict;
}

const alike: Strategy = () => ({});
const losing =
  (fails: (row: number, ms: number) => boolean, timesOut = false): Strategy =>
  ({ times }) => ({ successMs: times.map((ms, row) => (fails(row, ms) ? lost : ms)), timesOut });

describe('requests that one side lost', () => {
  test('late answers to requests that the reference lost do not make p99 worse', () => {
    const isLost = (row: number) => row % 111 === 0; // 0.9 %
    const late: Strategy = ({ times }) => ({ successMs: times.map((ms, row) => (isLost(row) ? 31 : ms)) });
    const trials = trialsOf({ reuse: losing(isLost), other: late }, 3);
    expect(verdictOf(trials, 'responseTimeP99').word).not.toMatch(/worse/);
    expect(verdictOf(trials, 'responseTimeP99').effect.estimate).toBeCloseTo(1, 1);
    expect(verdictOf(trials, 'errorRate').word).toBe('better');
  });

  test('a strategy that fails its slow requests, 40 % of all, is not faster', () => {
    const trials = trialsOf({ reuse: alike, other: losing((_, ms) => ms > 8.6) }, 3);
    const failed = trials.get('other')?.[0].digest.failed ?? 0;
    expect(failed / requests).toBeGreaterThan(0.3);
    expect(verdictOf(trials, 'responseTimeP50').word).not.toMatch(/better/);
    expect(verdictOf(trials, 'errorRate').word).toBe('worse');
  });

  test('a strategy that gives up on what happens to be slow is not faster', () => {
    const slowByChance: Strategy = ({ random, times }) => ({
      successMs: times.map((ms) => (random() < 0.4 ? ms * 5 : ms)),
    });
    const givesUp: Strategy = (cell) => {
      const { successMs = cell.times } = slowByChance(cell);
      return { successMs: successMs.map((ms) => (ms > 40 ? lost : ms)), timesOut: true };
    };
    const trials = trialsOf({ reuse: slowByChance, other: givesUp }, 5);
    expect(verdictOf(trials, 'responseTimeP50').word).not.toMatch(/better/);
    expect(verdictOf(trials, 'responseTimeP99')).toMatchObject({
      word: 'not-available',
      reasons: ['too many requests timed out for this percentile'],
    });
  });

  test('a strategy is not judged by its good rounds: those in which it reached the percentile, or answered at all', () => {
    const hangs: Strategy = ({ times, round }) => ({
      successMs: times.map((ms, row) => (round <= 3 && row % 33 === 0 ? lost : ms * 0.8)),
      timesOut: true,
    });
    const refuses: Strategy = (cell) => (cell.round > 3 ? { cpuMs: 250 } : losing(() => true)(cell));
    const { verdicts } = compare(trialsOf({ reuse: alike, third: alike, other: hangs, refuses }, 5));
    expect(verdicts.get('other')?.responseTimeP99).toMatchObject({
      word: 'not-available',
      reasons: ['in 3 of 5 rounds too many requests timed out for this percentile'],
    });
    expect(verdicts.get('other')?.responseTimeP50.word).toBe('better');
    for (const metric of ['cpuPer1000Requests', 'connectionsOpened'] as const) {
      expect(verdicts.get('refuses')?.[metric]).toMatchObject({
        word: 'not-available',
        reasons: ['in 3 of 5 rounds no request was answered'],
      });
    }
    expect(verdicts.get('refuses')?.responseTimeP99).toMatchObject({
      word: 'not-available',
      reasons: ['in 3 of 5 rounds fewer than 1,000 requests were answered by both'],
    });
    expect(verdicts.get('third')?.responseTimeP99.word).toBe('no-difference');
  });

  test('a strategy that lost everything is worse in errors and has no other figure', () => {
    const trials = trialsOf(
      { reuse: alike, other: () => ({ successMs: new Float64Array(requests).fill(lost) }) },
      3,
    );
    expect(verdictOf(trials, 'errorRate').word).toBe('worse');
    for (const metric of ['responseTimeP50', 'responseTimeP99', 'cpuPer1000Requests'] as const) {
      expect(verdictOf(trials, metric).word, metric).toBe('not-available');
    }
  });
});

describe('cost', () => {
  const answering =
    (share: number): Strategy =>
    (cell) => ({
      ...losing((row) => row % 100 >= share * 100)(cell),
      cpuMs: 300 * share * (1 + 0.02 * (cell.random() - 0.5)),
      connectionsOpened: 100 * share,
    });

  test('CPU time below a tick counts, and is no evidence', () => {
    const ticks =
      (...cpuMs: number[]): Strategy =>
      (cell) => ({ cpuMs: cpuMs[cell.round - 1] });
    const trials = trialsOf({ reuse: ticks(10, 20, 10, 10), other: ticks(0, 10, 0, 0) }, 4);
    const { word, effect } = verdictOf(trials, 'cpuPer1000Requests');
    expect(word).toBe('undecided');
    // Three rounds of half a tick against one, one of one against two.
    expect(effect.estimate).toBeCloseTo(0.5, 1);
  });

  test.each([
    ['fails 40 % of its requests', 1, 0.6],
    ['rescues 20 % of the requests', 0.8, 1],
  ])('a strategy that %s costs the same for each answer', (_, reuse, other) => {
    const trials = trialsOf({ reuse: answering(reuse), other: answering(other) }, 5);
    expect(verdictOf(trials, 'cpuPer1000Requests').word).toBe('no-difference');
    expect(verdictOf(trials, 'cpuPer1000Requests').effect.estimate).toBeCloseTo(1, 1);
  });
});

describe('words', () => {
  test('a difference that is not worth a decision is slight', () => {
    const slower: Strategy = ({ times }) => ({ successMs: times.map((ms) => ms * 1.03) });
    expect(verdictOf(trialsOf({ reuse: alike, other: slower }, 8), 'responseTimeP50').word).toBe(
      'slightly-worse',
    );
  });

  test('one connection against none in each of three rounds is no evidence', () => {
    const opening =
      (connectionsOpened: number): Strategy =>
      () => ({ connectionsOpened });
    const trials = trialsOf({ reuse: opening(0), other: opening(1) }, 3);
    expect(verdictOf(trials, 'connectionsOpened').word).toBe('undecided');
  });

  test('few rounds that would settle it are announced', () => {
    const cpu = [360, 520, 330, 460];
    const dearer: Strategy = ({ round }) => ({ cpuMs: cpu[round - 1] });
    const verdict = verdictOf(
      trialsOf({ reuse: () => ({ cpuMs: 300 }), other: dearer }, 4),
      'cpuPer1000Requests',
    );
    expect(verdict.word).toBe('undecided');
    expect(verdict.moreRounds).toBeGreaterThan(0);
    expect(verdict.moreRounds).toBeLessThan(10);
  });

  test('the same strategy six times: wrong words are rare, and far rarer than with a t-test for each', () => {
    const names = ['reuse', 'b', 'c', 'd', 'e', 'other'];
    const noisy: Strategy = ({ random, times }) => {
      const noise = () => 1 + 0.2 * (random() - 0.5);
      const speed = noise();
      return {
        successMs: times.map((ms) => ms * speed),
        cpuMs: 300 * noise(),
        connectionsOpened: Math.round(100 * noise()),
      };
    };
    const isWrong = (verdict: Verdict) => /better|worse/.test(verdict.word);
    let [family, single] = [0, 0];
    const runs = 60;
    for (let seed = 1; seed <= runs; seed++) {
      const trials = trialsOf(Object.fromEntries(names.map((name) => [name, noisy])), 5, seed);
      family += Number(
        [...compare(trials).verdicts.values()].flatMap((of) => Object.values(of)).some(isWrong),
      );
      // One pair at a time, each figure at 5 %: its paired t-test.
      const pairs = names.slice(1).flatMap((name) => {
        const pair = new Map([...trials].filter(([label]) => label === 'reuse' || label === name));
        return Object.values(compare(pair, { level: 0.25 }).verdicts.get(name) ?? {});
      });
      single += Number(pairs.some(isWrong));
    }
    expect(family / runs).toBeLessThanOrEqual(0.06);
    expect(single / runs).toBeGreaterThan(0.3);
  });
});

describe('what is there', () => {
  test('one round: estimates, no words', () => {
    const slower: Strategy = ({ times }) => ({ successMs: times.map((ms) => ms * 2) });
    const { verdicts } = compare(trialsOf({ reuse: alike, other: slower }, 1));
    expect(verdicts.get('other')?.responseTimeP50).toMatchObject({
      word: 'undecided',
      effect: { low: null, high: null },
      moreRounds: 2,
    });
  });

  test('a missing trial costs its cell, and neither its round nor the other strategies', () => {
    const slower: Strategy = ({ times, round }) => ({
      successMs: times.map((ms) => ms * 1.5),
      ...(round === 2 ? { unhealthy: 'the generator was late' } : {}),
    });
    const { verdicts, inference } = compare(trialsOf({ reuse: alike, third: alike, other: slower }, 4));
    expect(inference.rounds).toBe(4);
    expect(verdicts.get('other')?.responseTimeP50.word).toBe('worse');
    expect(verdicts.get('other')?.responseTimeP50.effect.estimate).toBeCloseTo(1.5, 1);
    expect(verdicts.get('third')?.responseTimeP50.word).toBe('no-difference');
  });

  test('without a healthy trial of the reference there is no verdict, and the reason is given', () => {
    const late: Strategy = () => ({ unhealthy: 'the generator was late' });
    const { verdicts } = compare(trialsOf({ reuse: late, other: alike }, 3));
    for (const metric of comparedMetrics) {
      expect(verdicts.get('other')?.[metric]).toMatchObject({
        word: 'no-verdict',
        reasons: [expect.stringContaining('the generator was late')],
      });
    }
  });

  test('closed traffic sends no common requests: rates and quantiles of each side, and throughput', () => {
    const half: Strategy = ({ times }) => ({ successMs: times.subarray(0, 1_200).map((ms) => ms * 1.6) });
    const trials = trialsOf({ reuse: alike, other: half }, 4);
    expect(verdictOf(trials, 'throughput', { loop: 'closed' }).word).toBe('worse');
    expect(verdictOf(trials, 'responseTimeP50', { loop: 'closed' }).effect.estimate).toBeCloseTo(1.6, 1);
    expect(verdictOf(trials, 'errorRate', { loop: 'closed' }).effect.estimate).toBe(0);
    expect(verdictOf(trials, 'throughput').word).toBe('not-available');
  });
});

test('a percentile that no strategy reaches: the reason names the pair with the most requests, not a strategy that failed all', () => {
  const short: Strategy = ({ times }) => ({ successMs: times.subarray(0, 300) });
  const none: Strategy = ({ times }) => ({ successMs: times.subarray(0, 300).map(() => lost) });
  const trials = trialsOf({ reuse: short, other: short, failing: none }, 3);
  expect(verdictOf(trials, 'responseTimeP99').reasons).toEqual([
    'this percentile needs 1,000 requests of a trial that both strategies answered; there were at most 300 (a longer --duration gives more)',
  ]);
});

test('costs beside a reference that answered nothing: the reason is not that they are unknown', () => {
  const failing: Strategy = ({ times }) => ({ successMs: times.map(() => lost) });
  const trials = trialsOf({ reuse: failing, other: alike }, 3);
  expect(verdictOf(trials, 'cpuPer1000Requests').reasons).toEqual(['the reference answered no request']);
  expect(verdictOf(trials, 'connectionsOpened').reasons).toEqual(['the reference answered no request']);
  const unknown = trialsOf({ reuse: () => ({ cpuMs: null }), other: () => ({ cpuMs: null }) }, 3);
  expect(verdictOf(unknown, 'cpuPer1000Requests').reasons).toEqual([
    'the CPU time of the target is not known',
  ]);
});

test('times on either side of a bucket’s edge are no evidence, however well the rounds agree', () => {
  // 12.0156… ms begins a bucket of 7.8 µs; the truth is 1 µs aside.
  const around = (ms: number) => Float64Array.from({ length: 10_001 }, (_, row) => ms + 1e-5 * Math.sin(row));
  const all = new Map<string, HealthyTrial[]>([
    ['reuse', []],
    ['other', []],
  ]);
  for (let round = 1; round <= 5; round++) {
    const reference = {
      label: 'reuse',
      round,
      successMs: around(12.0151),
      cpuMs: 300,
      connectionsOpened: 100,
    };
    const other = { ...reference, label: 'other', successMs: around(12.0161) };
    all.get('reuse')?.push(countedTrialOf(reference, null));
    all.get('other')?.push(countedTrialOf(other, reference));
  }
  const { effect, word } = verdictOf(all, 'responseTimeP50');
  expect(word).toBe('no-difference');
  expect(effect.low).toBeLessThan(12.0161 / 12.0151);
  expect(effect.high).toBeGreaterThan(12.0161 / 12.0151);
});
