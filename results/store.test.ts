/** A run's folder: what is read back, also of runs that an older idlerace stored, what is refused, and what to type then. */
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeSamples } from '../harness/base/columns/samples-file.ts';
import { HarnessError } from '../harness/base/errors.ts';
import { worthwhileDefaults } from '../harness/contract/run-config.ts';
import { summarySchemaVersion } from '../harness/contract/summary.ts';
import { recordOf } from '../test/fixtures/run-record.ts';
import { trialResultOf } from '../test/fixtures/trial-result.ts';
import { RunStore } from './store.ts';

/** As version 0.1 wrote it: no `until`, no attempts, no end. */
const oldRecord = {
  id: 'old',
  startedAt: '2026-01-01T00:00:00.000Z',
  config: { name: 'old', seed: 1, rounds: 1, scenarios: [], strategies: [], reference: 'reuse' },
  environment: {},
  planFingerprints: {},
  trials: [{ id: 'main.reuse.r1', scenarioId: 'main', strategyId: 'reuse', round: 1, order: 1 }],
  strategies: [],
};

function storeWith(files: Readonly<Record<string, unknown>>): RunStore {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-store-'));
  mkdirSync(join(folder, 'trials'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  return RunStore.open(folder);
}

function refusal(read: () => unknown): HarnessError {
  try {
    read();
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

test('readRun() fills in the fields that an older run does not have', () => {
  const record = storeWith({ 'run.json': oldRecord }).readRun();
  expect(record.ended).toBeNull();
  expect(record.config).toMatchObject({
    until: null,
    repeatUnhealthyMax: 0,
    worthwhile: worthwhileDefaults,
    rounds: 1,
  });
  expect(record.trials).toEqual([{ ...oldRecord.trials[0], attempt: 1 }]);
});

test('readRun() takes the one lag allowance of an older run for both sides', () => {
  const scenarios = [{ id: 'main', lagAllowanceMs: 20 }];
  const config = { ...oldRecord.config, scenarios };
  const record = storeWith({ 'run.json': { ...oldRecord, config } }).readRun();
  const lagAllowance = { serverLagMs: 20, clientLagMs: 20 };
  expect(record.config.scenarios).toEqual([{ id: 'main', lagAllowance }]);
});

test('readRun() changes nothing of a run that has every field', () => {
  const config = {
    ...oldRecord.config,
    until: { goal: { kind: 'decided' }, timeMsMax: 1_000 },
    repeatUnhealthyMax: 2,
    worthwhile: { ...worthwhileDefaults, p99: 0.05 },
  };
  const trials = [{ ...oldRecord.trials[0], attempt: 2 }];
  const record = { ...oldRecord, config, trials, ended: { at: 'then', reason: 'decided' } };
  expect(storeWith({ 'run.json': record }).readRun()).toEqual(record);
});

test('readSummary() refuses another version, and names the command that summarizes the run again', () => {
  const store = storeWith({
    'run.json': oldRecord,
    'summary.json': { schemaVersion: 1, run: { finishedAt: '2026-01-01T00:01:00.000Z' } },
  });
  const { code, message, hint } = refusal(() => store.readSummary());
  expect(code).toBe('run-unreadable');
  expect(message).toMatch(/schemaVersion is 1.*reads only version 2/);
  expect(hint).toBe(`idlerace report ${store.folder} --again`);
  expect(summarySchemaVersion).toBe(2);
  expect(store.summaryFinishedAt()).toBe('2026-01-01T00:01:00.000Z');
});

test('readSummary() names that command for a file that is cut off or no summary', () => {
  for (const [content, says] of [
    ['{', 'it is not JSON'],
    [`{"schemaVersion":${summarySchemaVersion}}`, 'it is not a summary'],
  ]) {
    const store = storeWith({ 'run.json': oldRecord });
    writeFileSync(join(store.folder, 'summary.json'), content);
    const { code, message, hint } = refusal(() => store.readSummary());
    expect(code).toBe('run-unreadable');
    expect(message).toContain(says);
    expect(hint).toBe(`idlerace report ${store.folder} --again`);
  }
});

test('summaryFinishedAt() is null without a summary, and with one that says nothing', () => {
  expect(storeWith({ 'run.json': oldRecord }).summaryFinishedAt()).toBeNull();
  expect(storeWith({ 'run.json': oldRecord, 'summary.json': {} }).summaryFinishedAt()).toBeNull();
});

const newStore = (id = 'run') => RunStore.create(mkdtempSync(join(tmpdir(), 'idlerace-store-')), id);

test('readTrial() gives back what writeTrial() was given, with the samples that the generator left', () => {
  const store = newStore();
  const requests = { startedNs: Float64Array.of(1, Number.NaN), outcome: Uint8Array.of(0, 3) };
  const health = { reasons: ['the generator was late'], readings: { latenessMsP99: 61 } };
  const target = { ledger: { executions: Uint8Array.of(1, 0) }, connectionsOpenMax: 2 };
  const trial = trialResultOf({ generator: { startNs: 7, requests }, target, health });
  if (trial.generator === null) throw new Error('It has samples');
  writeFileSync(store.samplesFile(trial.identity.id), encodeSamples(trial.generator));
  store.writeTrial(trial);
  expect(store.readTrial(trial.identity.id)).toEqual(trial);
  const lost = trialResultOf({ identity: { round: 2 }, generator: null, target: null });
  store.writeTrial(lost);
  expect(store.readTrial(lost.identity.id)).toEqual(lost);
});

test('finishedTrials() lists those that were written, in the order in which they ran', () => {
  const trials = ['retry', 'reuse', 'evict'].map((strategyId) => trialResultOf({ identity: { strategyId } }));
  const store = newStore();
  store.writeRun({ ...recordOf({}), trials: trials.map(({ identity }) => identity) });
  for (const trial of [trials[2], trials[0]]) store.writeTrial(trial);
  // Cut off before its record was written.
  writeFileSync(store.samplesFile(trials[1].identity.id), 'half');
  expect(store.finishedTrials().map(({ strategyId }) => strategyId)).toEqual(['retry', 'evict']);
});

test('two runs that start within one second get a folder each, and latest is the second', () => {
  const first = newStore('same');
  const parent = join(first.folder, '..');
  const second = RunStore.create(parent, 'same');
  expect([first.id, second.id]).toEqual(['same', 'same-again']);
  expect(readlinkSync(join(parent, 'latest'))).toBe('same-again');
});

test('a file that cannot be written is an expected failure, and leaves nothing beside it', () => {
  const store = newStore();
  mkdirSync(store.path('folder'));
  expect(refusal(() => store.write('folder', 'new'))).toMatchObject({ code: 'output-failed' });
  expect(readdirSync(store.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});
