/** `idlerace report` of stored runs: rendered again, summarized again, cut off, and of an older version. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { RunStore } from '../../results/store.ts';
import { folderWith } from '../../test/fixtures/run-folder.ts';
import { runInProcess } from '../../test/fixtures/run-in-process.ts';
import { storeSyntheticRun } from '../../test/fixtures/stored-run.ts';
import type { Summary } from '../contract/summary.ts';
import { openPass, writeEvidence } from './summarize-run.ts';

const matrix = `rounds: 2
warmup: 200ms
duration: 800ms
target: { kind: embedded, idleTimeout: 500ms }
traffic: { kind: think-time, clients: 20, gap: { uniform: [50ms, 100ms] } }
strategies: [reuse, retry]
`;

let folder: string;
let store: RunStore;
const report = (...argv: readonly string[]) => runInProcess(['report', 'latest', ...argv], folder);
const read = (name: string) => readFileSync(store.path(name), 'utf8');
const readSummary = (): Summary => JSON.parse(read('summary.json'));

function rewrite(name: string, change: (content: Record<string, unknown>) => void): void {
  const content = JSON.parse(read(name));
  change(content);
  writeFileSync(store.path(name), JSON.stringify(content));
}

beforeEach(async () => {
  folder = folderWith({});
  ({ store } = await storeSyntheticRun(folder, 'stored', matrix));
});

test('idlerace report renders a stored run again, the same', async () => {
  const first = await report();
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout.trimEnd().split('\n').at(-1)).toMatch(/report\.html$/);
  const before = ['report.html', 'summary.csv', 'report.md', 'summary.json'].map(read);
  expect((await report('--format', 'html,csv')).stdout).toMatch(/report\.html/);
  expect((await report('--again')).code).toBe(0);
  expect(['report.html', 'summary.csv', 'report.md', 'summary.json'].map(read)).toEqual(before);
  expect(existsSync(store.path('histograms', 'main.reuse.response-time.hlog'))).toBe(true);
});

test('idlerace report --format writes those formats and no other', async () => {
  expect((await report('--format', 'csv')).code).toBe(0);
  expect(['summary.csv', 'report.html', 'report.md'].map((name) => existsSync(store.path(name)))).toEqual([
    true,
    false,
    false,
  ]);
  const { code, stderr } = await report('--format', 'csv,pdf');
  expect(code).toBe(2);
  expect(stderr).toMatch(/no report format "pdf"; there are: /);
});

test('idlerace report summarizes the finished trials of a run that was cut off', async () => {
  rewrite('run.json', (record) => {
    record.ended = null;
  });
  rmSync(join(store.folder, 'trials', 'main.retry.r2.json'));
  expect(await report()).toMatchObject({ code: 0, stderr: '' });
  const { run, scenarios, warnings } = readSummary();
  expect(run.interrupted).toBe(true);
  expect(warnings.map(({ code }) => code)).toContain('interrupted');
  expect(scenarios[0].strategies.map(({ trials }) => trials.length)).toEqual([2, 1]);
});

test('idlerace report of a run that is still going leaves the file alone that the run adds its races to', async () => {
  const pass = openPass(store);
  expect((await report()).code).toBe(0);
  const races = read('races.csv');
  expect(races).toMatch(/^scenario,strategy,/);
  writeEvidence(store, pass);
  expect(read('races.csv')).toBe(races);
  expect(readdirSync(store.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('idlerace report leaves no half of a file where samples cannot be read', async () => {
  rmSync(store.samplesFile('main.retry.r2'));
  expect((await report()).stderr).toContain('[run-not-found]');
  expect(readdirSync(store.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('idlerace report makes the folder of the histograms where it is gone', async () => {
  await report();
  rmSync(store.path('histograms'), { recursive: true });
  expect(await report('--again')).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(store.path('histograms', 'main.reuse.response-time.hlog'))).toBe(true);
});

/** Turns the run into one of version 0.1: fixed rounds, no attempts, no end, a summary of version 1. */
function age(): void {
  const without = (content: unknown, ...names: readonly string[]) =>
    Object.fromEntries(Object.entries(content as object).filter(([name]) => !names.includes(name)));
  const { trials } = store.readRun();
  rewrite('run.json', (record) => {
    record.config = without(record.config, 'until', 'repeatUnhealthyMax', 'worthwhile');
    record.trials = trials.map((trial) => without(trial, 'attempt'));
    delete record.ended;
  });
  for (const { id } of trials) {
    rewrite(`trials/${id}.json`, (trial) => {
      trial.identity = without(trial.identity, 'attempt');
    });
  }
  rewrite('summary.json', (old) => {
    old.schemaVersion = 1;
  });
}

test('idlerace report refuses a summary of version 1, and summarizes the run again with --again', async () => {
  await report();
  const { run, scenarios } = readSummary();
  age();
  const refused = await report();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/schemaVersion is 1. This idlerace reads only version 2/);
  expect(refused.stderr).toMatch(/try: idlerace report .*latest --again/);
  expect(await report('--again')).toMatchObject({ code: 0, stderr: '' });
  const again = readSummary();
  expect(again.schemaVersion).toBe(2);
  expect(again.run).toMatchObject({
    stopped: { reason: 'rounds', open: [] },
    finishedAt: run.finishedAt,
  });
  expect(again.scenarios[0].inference?.look).toBeNull();
  expect(again.scenarios[0].strategies.map(({ requests }) => requests)).toEqual(
    scenarios[0].strategies.map(({ requests }) => requests),
  );
});

test('idlerace report refuses a folder without a run', async () => {
  const { code, stderr } = await runInProcess(['report', 'nowhere'], folder);
  expect(code).toBe(2);
  expect(stderr).toContain('[run-not-found]');
});
