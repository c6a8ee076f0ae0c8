/** The order of what a trial does, and every way in which one can end, with parts that are functions in this process. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planOf } from '../../test/fixtures/plan.ts';
import { identityOf, reportOf, targetReportOf } from '../../test/fixtures/trial-result.ts';
import { trialSetupOf } from '../../test/fixtures/trial-setup.ts';
import { encodeSamples } from '../base/columns/samples-file.ts';
import { emptyTable } from '../base/columns/tables.ts';
import type { Child } from '../base/processes/child.ts';
import { Processes } from '../base/processes/processes.ts';
import { fully } from '../contract/carries.ts';
import { resourceLayout } from '../contract/resources.ts';
import type { RunningTarget, TargetKind } from '../contract/target.ts';
import type { TrialResult } from '../contract/trial.ts';
import { runTrials } from './run-trial.ts';
import type { TrialParts } from './trial-parts.ts';

const never = new Promise<never>(() => {});
const plan = planOf({ intendedNs: Float64Array.of(0), endNs: 1e6 });
const folder = mkdtempSync(join(tmpdir(), 'idlerace-trial-'));

const setupOf = (strategyId: string, targetKind: TargetKind) =>
  trialSetupOf(folder, plan, { identity: identityOf({ strategyId }), targetKind });

interface Fate {
  /** What the generator does when it is asked to finish. Left out: it finishes. */
  finish?(): Promise<void>;
  /** Why the target ends by itself. */
  readonly lost?: Promise<string>;
  stopTarget?(): Promise<never>;
}

/** One entry for each thing that happens to a trial's parts, in order. */
function rig(fate: Fate = {}) {
  const log: string[] = [];
  const processes = new Processes('none');
  const { finish = () => Promise.resolve(), lost = never, stopTarget } = fate;
  const generator = (): Child => {
    let samplesFile = '';
    const calls: Record<string, (argument: unknown) => unknown> = {
      prepare: (job) => {
        ({ samplesFile } = job as { samplesFile: string });
      },
      start: () => {},
      finish: async () => {
        await finish();
        const requests = { doneNs: Float64Array.of(1e5) };
        writeFileSync(samplesFile, encodeSamples(reportOf({ requests, counters: { started: 1 } })));
      },
      pulse: () => ({ atNs: new Float64Array(), stalledNs: new Float64Array() }),
    };
    return {
      pid: 0,
      isProgram: false,
      lost: never,
      async call<Value>(name: string, argument: unknown) {
        log.push(name);
        return (await calls[name](argument)) as Value;
      },
      end: async () => void log.push('end'),
      kill() {},
    };
  };
  const target: RunningTarget = {
    endpoint: { host: '127.0.0.1', port: 1, authority: '127.0.0.1:1', tls: null },
    pid: null,
    lost,
    usage: async () => null,
    pulse: null,
    stop: stopTarget ?? (async () => targetReportOf({ ledger: { answers: Uint8Array.of(1) } })),
    kill() {},
  };
  const start = async () => {
    log.push('target');
    return target;
  };
  const about = { title: '', summary: '', carries: { 'server.idleTimeoutMs': fully } };
  const parts: TrialParts = {
    processes,
    targetKinds: [{ id: 'embedded', ...about, start }],
    balancerKinds: [],
    spawnGenerator: async () => generator(),
    pinning: null,
    startWire: () => never,
    sampleResources: () => ({ stop: () => ({ atNs: new Float64Array(), ...emptyTable(resourceLayout, 0) }) }),
    processUsage: () => ({ cpuUserMs: null, cpuSystemMs: null, rssBytes: null, contextSwitches: null }),
    startCapture: null,
    machineReading: () => ({ atMs: 0, wallMs: 0, cpuMs: null, stealMs: null, targetWaitMs: null }),
    watchPulse: () => ({ stop: () => [] }),
    onLoad: ({ strategyId }) => void log.push(`load ${strategyId}`),
  };
  return { log, parts, processes };
}

async function results(parts: TrialParts, names: readonly string[], signal = new AbortController().signal) {
  const all: TrialResult[] = [];
  const setups = names.map((name) => setupOf(name, parts.targetKinds[0]));
  for await (const result of runTrials(setups, parts, signal)) all.push(result);
  return all;
}

test('runTrials() yields each trial with its samples and the target’s ledger', async () => {
  const { parts, log } = rig();
  const [trial] = await results(parts, ['reuse']);
  expect(log).toEqual(['target', 'load reuse', 'prepare', 'start', 'finish', 'pulse', 'end']);
  expect(trial.generator?.requests.doneNs[0]).toBe(1e5);
  expect([...(trial.target?.ledger.answers ?? [])]).toEqual([1]);
});

test('runTrials() starts the next target before the records of the last trial are gathered, and its load after', async () => {
  const { parts, log } = rig();
  const trials = await results(parts, ['reuse', 'retry']);
  expect(trials.map(({ identity: { strategyId } }) => strategyId)).toEqual(['reuse', 'retry']);
  const moments = ['finish', 'target', 'end', 'load retry'];
  const at = [
    log.indexOf('finish'),
    log.lastIndexOf('target'),
    log.indexOf('end'),
    log.indexOf('load retry'),
  ];
  expect(moments.toSorted((a, b) => at[moments.indexOf(a)] - at[moments.indexOf(b)])).toEqual(moments);
});

test('runTrials() says in the health of a trial that its target was lost, and counts nothing of it', async () => {
  const lost = Promise.resolve('it exited with code 1');
  const [duringLoad] = await results(rig({ lost, finish: () => never }).parts, ['reuse']);
  const stopTarget = () => Promise.reject(new Error('it does not answer'));
  const [afterLoad] = await results(rig({ stopTarget }).parts, ['reuse']);
  for (const { generator, target, health } of [duringLoad, afterLoad]) {
    expect([generator, target, health.ok]).toEqual([null, null, false]);
  }
  expect(duringLoad.health.reasons).toEqual(['the target was lost: it exited with code 1']);
  expect(afterLoad.health.reasons).toEqual(['the target was lost: it does not answer']);
});

test('runTrials() ends with an error that names the trial whose generator failed', async () => {
  const finish = () => Promise.reject(new Error('out of memory'));
  const { parts } = rig({ finish });
  await expect(results(parts, ['reuse', 'retry'])).rejects.toMatchObject({
    code: 'generator-failed',
    message: expect.stringMatching(/"main\.reuse\.r1" failed: .*out of memory/),
  });
});

test('runTrials() ends at once with the signal’s reason, and ends every process', async () => {
  const stop = new AbortController();
  const { parts, processes, log } = rig({ finish: () => never });
  let kills = 0;
  processes.killAll = () => void kills++;
  const ending = results(
    { ...parts, onLoad: () => stop.abort(new Error('Ctrl-C')) },
    ['reuse', 'retry'],
    stop.signal,
  );
  await expect(ending).rejects.toThrow('Ctrl-C');
  expect(kills).toBeGreaterThanOrEqual(2);
  expect(log.filter((entry) => entry === 'target')).toHaveLength(1);
  await expect(results(parts, ['reuse'], stop.signal)).rejects.toThrow('Ctrl-C');
});
