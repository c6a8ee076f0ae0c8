/**
 * `idlerace run`: matrix → plans → trials → summary → reports. The one place where all parts meet.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type RunEnded, RunStore, runId } from '../../results/store.ts';
import { exitCodes, HarnessError, reasonOf } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { readMatrix } from '../config/read-matrix.ts';
import type { RunConfig } from '../contract/run-config.ts';
import { choosePinning } from '../engine/machine.ts';
import { captureRefusal } from '../network/capture/start-capture.ts';
import { partsOf } from '../parts.ts';
import { conductRun } from './conduct-run.ts';
import { describeRun } from './describe-run.ts';
import { readEnvironment } from './environment.ts';
import { durationOption, wholeNumberOption } from './options.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { printOutcome } from './print-outcome.ts';
import { summarizeRun } from './summarize-run.ts';
import { writeHistograms, writeReports } from './write-reports.ts';

export interface RunOptions {
  readonly out: string;
  readonly seed?: string;
  readonly rounds?: string;
  readonly until?: string;
  readonly maxTime?: string;
  readonly maxRounds?: string;
  readonly repeatUnhealthy?: string;
  readonly generators?: string;
  readonly duration?: string;
  readonly strategies?: string;
  readonly only?: string;
  readonly capture: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

export async function runCommand(host: Host, file: string, options: RunOptions): Promise<number> {
  const config = readConfig(host, file, options);
  const pinning = choosePinning(config.generators);
  const capturing = options.capture && !options.dryRun;
  const refusal = capturing ? await captureRefusal(host.processes) : null;
  if (refusal !== null) host.stderr.write(`packets are not captured: ${refusal}\n`);
  const parts = partsOf(host.processes, pinning, capturing && refusal === null);
  const prepared = await prepareRun(config, parts);
  if (options.dryRun && options.json) {
    throw new HarnessError('usage', 'A dry run has no summary, so --json and --dry-run do not go together.', {
      hint: `idlerace run ${file} --dry-run`,
    });
  }
  if (options.dryRun) {
    host.stdout.write(describeRun(prepared));
    return exitCodes.fine;
  }
  const startedAt = host.now();
  const store = RunStore.create(resolve(host.cwd, options.out), runId(startedAt, config.name));
  recordRun(store, prepared, startedAt, pinning);
  const end = await conductRun(host, store, prepared, parts, options);
  const reason = end.kind === 'finished' ? end.reason : 'interrupted';
  const ended: RunEnded = { at: host.now().toISOString(), reason };
  store.writeRun({ ...store.readRun(), ended });
  const summary = summarizeRun(store, ended);
  writeHistograms(store);
  const files = await writeReports(store, summary);
  printOutcome(host, store, summary, files, options);
  switch (end.kind) {
    case 'finished':
      return exitCodes.fine;
    case 'interrupted':
      return exitCodes.interrupted;
    case 'failed':
      throw end.error;
  }
}

function readConfig(host: Host, file: string, options: RunOptions): RunConfig {
  const { seed, generators, duration } = options;
  const path = resolve(host.cwd, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new HarnessError(
      'config-unreadable',
      `Cannot read the matrix file "${file}": ${reasonOf(error)}.`,
      {
        hint: `idlerace init ${file}`,
      },
    );
  }
  return readMatrix(text, path, {
    seed: seed === undefined ? undefined : wholeNumberOption('--seed', seed, 0, Number.MAX_SAFE_INTEGER),
    ...lengthOf(options),
    generators: generators === undefined ? undefined : wholeNumberOption('--generators', generators, 1, 64),
    durationMs: duration === undefined ? undefined : durationOption('--duration', duration),
    strategies: options.strategies,
    only: options.only,
    cwd: host.cwd,
  });
}

function lengthOf({ rounds, until, maxTime, maxRounds, repeatUnhealthy }: RunOptions) {
  const whole = (option: string, text: string | undefined, min: number, max: number) =>
    text === undefined ? undefined : wholeNumberOption(option, text, min, max);
  return {
    rounds:
      rounds === undefined || rounds === 'auto'
        ? rounds
        : wholeNumberOption('--rounds', rounds, 1, 1_000, ', or auto'),
    until,
    maxTime,
    maxRounds: whole('--max-rounds', maxRounds, 1, 1_000),
    repeatUnhealthy: whole('--repeat-unhealthy', repeatUnhealthy, 0, 10),
  } as const;
}

/** The trials are listed when their rounds begin. */
function recordRun(
  store: RunStore,
  prepared: PreparedRun,
  startedAt: Date,
  pinning: ReturnType<typeof choosePinning>,
): void {
  store.writeRun({
    id: store.id,
    startedAt: startedAt.toISOString(),
    ended: null,
    config: prepared.config,
    environment: readEnvironment(pinning),
    planFingerprints: {},
    trials: [],
    strategies: prepared.strategies.map(({ id, label, title }) => ({ id, label, title })),
  });
}
