/** A whole run through the command line: the files, the laws, and the orderings that must hold on any machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { StrategySummary, Summary, TrialSummary } from '../../harness/contract/summary.ts';
import { summarySchema } from '../../reports/schema/summary-schema.ts';
import { folderWith, readSummary, smallMatrix } from '../fixtures/run-folder.ts';
import { runInProcess } from '../fixtures/run-in-process.ts';
import { cli, type Finished } from './cli.ts';

let folder: string;
let run: Finished;
let summary: Summary;

beforeAll(async () => {
  folder = folderWith({ 'matrix.yaml': smallMatrix });
  run = await cli(folder, 'run');
  if (run.code === 0) summary = readSummary(folder);
}, 120_000);

function strategy(label: string): StrategySummary {
  const found = summary.scenarios[0].strategies.find((one) => one.label === label);
  if (found === undefined) throw new Error(`No strategy "${label}" in the summary`);
  return found;
}

test('run exits 0 and writes every file of the design', () => {
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  const there = (name: string) => existsSync(join(folder, 'results/runs/latest', name));
  const files = [
    'run.json',
    'summary.json',
    'summary.csv',
    'trials.csv',
    'windows.csv',
    'races.csv',
    'report.md',
    'report.html',
  ];
  expect(files.filter((name) => !there(name))).toEqual([]);
  const count = (name: string, ending: string) =>
    readdirSync(join(folder, 'results/runs/latest', name)).filter((file) => file.endsWith(ending)).length;
  expect(count('trials', '.samples')).toBe(9);
  expect(count('plans', '.plan')).toBe(3);
  expect(count('histograms', '.hlog')).toBe(8);
});

test('run writes a summary.json that keeps to its schema', () => {
  expect(summarySchema.safeParse(summary).error?.issues).toBeUndefined();
});

test('run prints the comparison and, last, the paths written', () => {
  for (const { label } of summary.scenarios[0].strategies) expect(run.stdout).toContain(label);
  expect(run.stdout.trimEnd().split('\n').at(-1)).toMatch(/^results\/runs\/.+\/report\.html$/);
});

test('every law holds in every trial, and all trials of a round ran one plan', () => {
  for (const { trials } of summary.scenarios[0].strategies) {
    for (const { laws, planFingerprint, round } of trials) {
      expect(laws.length).toBeGreaterThanOrEqual(5);
      for (const { left, right, law } of laws) expect({ law, value: left }).toEqual({ law, value: right });
      expect(planFingerprint).toBe(summary.scenarios[0].planFingerprints[round - 1]);
    }
  }
  expect(new Set(summary.scenarios[0].planFingerprints).size).toBe(2);
});

/** Sum over the trials of a strategy: what happened, whether or not the machine was quiet enough for estimates. */
function inTrials(label: string, of: (trial: TrialSummary) => number | null): number {
  return strategy(label).trials.reduce((sum, trial) => sum + (of(trial) ?? Number.NaN), 0);
}

test('reuse races, retry hides it, short-lived and eviction avoid it', () => {
  // About W/200 ms of 500 requests; the test only needs that the race happens at all.
  expect(inTrials('reuse', ({ idleRaces }) => idleRaces)).toBeGreaterThan(0);
  expect(strategy('reuse').ledger?.executedTwice).toBe(0);
  expect(inTrials('retry', ({ requests }) => requests.failed)).toBe(0);
  expect(inTrials('retry', ({ retries }) => retries)).toBeGreaterThan(0);
  expect(inTrials('short-lived', ({ idleRaces }) => idleRaces)).toBe(0);
  expect(inTrials('evict+retry', ({ requests }) => requests.failed)).toBe(0);
});

test('the prediction is there for every strategy, and zero where nothing is reused', () => {
  expect(inTrials('reuse', (trial) => trial.predictedRaceProbability)).toBeGreaterThan(0.01);
  expect(inTrials('short-lived', (trial) => trial.predictedRaceProbability)).toBe(0);
});

test('no response time is shorter than the round trip', () => {
  for (const { trials } of summary.scenarios[0].strategies) {
    for (const { responseTimeMs } of trials) expect(responseTimeMs.p50).toBeGreaterThanOrEqual(6);
  }
});

test('report renders the stored run again, the same', async () => {
  const html = join(folder, 'results/runs/latest/report.html');
  const before = readFileSync(html, 'utf8');
  const again = await runInProcess(['report', 'results/runs/latest', '--format', 'html,csv'], folder);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('report.html');
  expect(readFileSync(html, 'utf8')).toBe(before);
});

test('several generators run the same plan, and their samples become one trial', async () => {
  const other = folderWith({ 'matrix.yaml': smallMatrix });
  const { code } = await cli(
    other,
    'run',
    '--generators',
    '3',
    '--rounds',
    '1',
    '--strategies',
    'reuse,evict+retry',
  );
  expect(code).toBe(0);
  const [scenario] = readSummary(other).scenarios;
  expect(scenario.planFingerprints).toEqual(summary.scenarios[0].planFingerprints.slice(0, 1));
  for (const { label, trials } of scenario.strategies) {
    const [trial] = trials;
    const [single] = strategy(label).trials;
    expect(trial.requests.scheduled).toBe(single.requests.scheduled);
    expect(trial.laws.filter(({ left, right }) => left !== right)).toEqual([]);
    const { ok, failed, started } = trial.requests;
    expect((ok ?? 0) + (failed ?? 0)).toBe(started);
  }
  const files = readdirSync(join(other, 'results/runs/latest/trials'));
  expect(files.filter((name) => name.includes('.part'))).toEqual([]);
});
