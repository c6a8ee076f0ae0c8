/** Runs that were stored by an older idlerace: what can be read, what is refused, and what to type then. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HarnessError } from '../harness/base/errors.ts';
import { worthwhileDefaults } from '../harness/contract/run-config.ts';
import { summarySchemaVersion } from '../harness/contract/summary.ts';
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
