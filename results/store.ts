/**
 * A run's folder: every file is written as soon as its content is known, so a crash or Ctrl-C
 * loses nothing that was measured. Each file appears whole (written beside, then renamed).
 *
 * `docs/files.md` lists every file. The folder is the only link between running and
 * reporting; nothing is kept in memory for later.
 */
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { decodeColumns, encodeColumns, readColumn } from '../harness/base/columns/columns.ts';
import { decodeSamples } from '../harness/base/columns/samples-file.ts';
import { HarnessError } from '../harness/base/errors.ts';
import { slug } from '../harness/base/slug.ts';
import { noReadings } from '../harness/contract/health.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { RunConfig } from '../harness/contract/run-config.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import {
  type Environment,
  type FloorReading,
  type StopReason,
  type Summary,
  summarySchemaVersion,
} from '../harness/contract/summary.ts';
import type { TrialIdentity, TrialResult } from '../harness/contract/trial.ts';
import { decodePlan, planName } from '../harness/model/plan/plan-file.ts';
import { withDefaults } from './older-run.ts';
import { json, readBytes, readJson, writeWhole, writing } from './run-files.ts';
import { decodeServerSide, encodeServerSide } from './server-side-file.ts';

/** When a run ended, and why. */
export interface RunEnded {
  /** ISO time. */
  readonly at: string;
  readonly reason: StopReason;
}

/** `run.json`: what was to run. It is written before the first trial and again whenever trials are added. */
export interface RunRecord {
  readonly id: string;
  readonly startedAt: string;
  /** null while it runs, and when it was cut off so hard that it could not write this. */
  readonly ended: RunEnded | null;
  readonly config: RunConfig;
  readonly environment: Environment;
  /** Plan name, `<scenario>.r<round>` → fingerprint. */
  readonly planFingerprints: Readonly<Record<string, string>>;
  /** Every trial of the rounds so far, in the order in which they run; a repeat follows the attempt that it repeats. */
  readonly trials: readonly TrialIdentity[];
  /** In the order of the matrix. */
  readonly strategies: readonly { readonly id: string; readonly label: string; readonly title: string }[];
}

type TrialRecord = Pick<TrialResult, 'identity' | 'usage' | 'capture' | 'health'> & {
  /** false: cut short, so that there are no samples. */
  readonly complete: boolean;
};

export class RunStore {
  readonly folder: string;
  readonly #key = randomUUID();
  #record: RunRecord | null = null;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder of a new run under `parent`, and points `parent/latest` to it. */
  static create(parent: string, runId: string): RunStore {
    const store = new RunStore(join(parent, runId));
    // Two runs that start within one second must not share a folder.
    if (existsSync(store.folder)) return RunStore.create(parent, `${runId}-again`);
    for (const part of ['plans', 'trials', 'histograms']) {
      writing(store.folder, () => mkdirSync(join(store.folder, part), { recursive: true }));
    }
    pointLatest(parent, runId);
    return store;
  }

  /** @throws HarnessError `run-not-found` when there is no run in that folder. */
  static open(folder: string): RunStore {
    const store = new RunStore(folder);
    store.readRun();
    return store;
  }

  /** The folder's name. */
  get id(): string {
    return basename(this.folder);
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  planFile(name: string): string {
    return this.path('plans', `${name}.plan`);
  }

  /** Where the generator leaves the samples of a trial. */
  samplesFile(trialId: string): string {
    return this.path('trials', `${trialId}.samples`);
  }

  /** Where the packets of a trial are kept, when they are. */
  captureFile(trialId: string): string {
    return this.path('captures', `${trialId}.pcap`);
  }

  /** Of one trial. */
  filesOf({ id, scenarioId, round }: TrialIdentity) {
    return {
      planFile: this.planFile(planName(scenarioId, round)),
      samplesFile: this.samplesFile(id),
      captureFile: this.captureFile(id),
    };
  }

  write(name: string, content: string | Uint8Array): void {
    writeWhole(this.path(name), content);
  }

  writeRun(record: RunRecord): void {
    this.write('run.json', json(record));
    this.#record = record;
  }

  /** The record that was written or read last. Only this store changes the file. */
  readRun(): RunRecord {
    this.#record ??= this.#readRun();
    return this.#record;
  }

  #readRun(): RunRecord {
    const file = this.path('run.json');
    const record = readJson<RunRecord>(file);
    const isWhole = Array.isArray(record.trials) && Array.isArray(record.config?.scenarios);
    if (!isWhole) throw new HarnessError('run-unreadable', `Cannot read "${file}": it is not a run's.`);
    return withDefaults(record);
  }

  /** The samples are there already; what the target, the wire and the OS said goes beside them. */
  writeTrial(result: TrialResult): void {
    const { identity, usage, capture, health, generator, target, wire, balancer, resources } = result;
    const serverSide = encodeColumns(encodeServerSide({ target, wire, balancer, resources }));
    this.write(join('trials', `${identity.id}.server`), serverSide);
    const record: TrialRecord = {
      identity,
      usage,
      capture,
      health,
      complete: generator !== null,
    };
    // Written last: a trial counts as finished when this file is there.
    this.write(join('trials', `${identity.id}.json`), json(record));
  }

  /** Trials that finished, in the order in which they ran. */
  finishedTrials(): readonly TrialIdentity[] {
    const folder = this.path('trials');
    if (!existsSync(folder))
      throw new HarnessError('run-unreadable', `Cannot read "${folder}": it is not there.`);
    const there = new Set(readdirSync(folder));
    return this.readRun().trials.filter(({ id }) => there.has(`${id}.json`));
  }

  readTrial(id: string): TrialResult {
    const { complete, ...record } = readJson<TrialRecord>(this.path('trials', `${id}.json`));
    const serverFile = this.path('trials', `${id}.server`);
    const serverSide = decodeServerSide(decodeColumns(readBytes(serverFile), serverFile), serverFile);
    const generator = complete ? this.readSamples(id) : null;
    // Runs of before attempts were counted had one of each trial.
    const identity = { ...record.identity, attempt: record.identity.attempt ?? 1 };
    const health = { ...record.health, readings: { ...noReadings, ...record.health.readings } };
    return { ...record, identity, health, ...serverSide, generator };
  }

  readSamples(trialId: string): GeneratorReport {
    const file = this.samplesFile(trialId);
    return decodeSamples(readBytes(file), file);
  }

  readStartedNs(trialId: string): Float64Array {
    return readColumn(this.samplesFile(trialId), 'requests.startedNs') as Float64Array;
  }

  writeFloor(readings: readonly FloorReading[]): void {
    this.write('floor.json', json(readings));
  }

  /** Empty when the run has none. */
  readFloor(): readonly FloorReading[] {
    const file = this.path('floor.json');
    return existsSync(file) ? readJson<readonly FloorReading[]>(file) : [];
  }

  readPlan(scenarioId: string, round: number): LoadPlan {
    const file = this.planFile(planName(scenarioId, round));
    return decodePlan(readBytes(file), file);
  }

  /** Begins a file that grows by `append()`, beside its place; `complete()` puts it there. */
  begin(name: string, content: string): void {
    const path = this.#growing(name);
    writing(path, () => writeFileSync(path, content));
  }

  append(name: string, content: string): void {
    const path = this.#growing(name);
    writing(path, () => appendFileSync(path, content));
  }

  complete(name: string): void {
    writing(this.path(name), () => renameSync(this.#growing(name), this.path(name)));
  }

  /** Removes what was begun and not completed. */
  discard(name: string): void {
    rmSync(this.#growing(name), { force: true });
  }

  /** Each store has its own: `idlerace report` may read the folder of a run that is still going. */
  #growing(name: string): string {
    return this.path(`${name}.${this.#key}.part`);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  writeSummary(summary: Summary): void {
    this.write('summary.json', json(summary));
  }

  /** Of a summary of whatever version; null without one. */
  summaryFinishedAt(): string | null {
    const file = this.path('summary.json');
    if (!existsSync(file)) return null;
    return readJson<{ run?: { finishedAt?: string } }>(file).run?.finishedAt ?? null;
  }

  /** null when the run was cut off before it had one. */
  readSummary(): Summary | null {
    try {
      return wholeSummary(this.path('summary.json'));
    } catch (error) {
      if (error instanceof HarnessError && error.code === 'run-not-found') return null;
      throw error;
    }
  }
}

/** @throws HarnessError `run-unreadable` for another version's, and for what is no summary. */
function wholeSummary(file: string): Summary {
  const hint = `idlerace report ${dirname(file)} --again`;
  const summary = readJson<Summary>(file, hint);
  if (summary.schemaVersion !== summarySchemaVersion) {
    throw new HarnessError(
      'run-unreadable',
      `Cannot read "${file}": its schemaVersion is ${JSON.stringify(summary.schemaVersion ?? null)}. This idlerace reads only version ${summarySchemaVersion}. Summarize the run again from its samples.`,
      { hint },
    );
  }
  if (Array.isArray(summary.scenarios) && Array.isArray(summary.warnings) && summary.run !== undefined)
    return summary;
  throw new HarnessError('run-unreadable', `Cannot read "${file}": it is not a summary.`, { hint });
}

/** For example `2026-11-23T12-05-09-quickstart`; sorts by time, fit for every file system. */
export function runId(startedAt: Date, name: string): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
  return `${time}-${slug(name).slice(0, 40)}`;
}

function pointLatest(parent: string, id: string): void {
  try {
    rmSync(join(parent, 'latest'), { force: true });
    symlinkSync(id, join(parent, 'latest'));
  } catch {
    // A convenience only: some file systems have no links.
  }
}
