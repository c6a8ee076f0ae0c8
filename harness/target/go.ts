/**
 * Go's own server as a target kind: the controller's side of the program in `harness/target/go/`, which is built
 * when it is first wanted.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ColumnFile, decodeColumns } from '../base/columns/columns.ts';
import { readTable } from '../base/columns/tables.ts';
import { goProgram } from '../base/go/go-program.ts';
import type { Child } from '../base/processes/child.ts';
import { pin } from '../base/processes/pin.ts';
import type { Launch } from '../base/processes/processes.ts';
import { startChild } from '../base/processes/start-child.ts';
import { fully } from '../contract/carries.ts';
import { type FaultKind, type FaultScript, faultKinds } from '../contract/fault.ts';
import {
  connectionTimesLayout,
  ledgerLayout,
  type RunningTarget,
  type TargetConfigOf,
  type TargetKind,
  type TargetReport,
  type TargetSetup,
} from '../contract/target.ts';

type GoConfig = TargetConfigOf<'go'>;

const programFolder = 'target/go';

export function goTarget(launch: Launch): TargetKind<GoConfig> {
  return {
    id: 'go',
    title: 'Go server',
    summary: "Go's net/http server with its real IdleTimeout, or ReadTimeout, and a ledger.",
    carries: { 'server.idleTimeoutMs': fully },
    async prepare() {
      await goProgram(programFolder);
    },
    start: (setup) => start(setup, launch),
  };
}

async function start(setup: TargetSetup<GoConfig>, { processes, cpus }: Launch): Promise<RunningTarget> {
  const child = processes.spawnProgram([await goProgram(programFolder)]);
  return startChild(child, { code: 'target-start-failed', what: 'The Go target' }, async () => {
    // Before it is told to start: it then takes as many processors as it has been given cpus.
    await pin(child.pid, cpus, 'all');
    const { port } = await child.call<{ readonly port: number }>('start', argumentOf(setup));
    return {
      endpoint: { host: setup.host, port, authority: `${setup.host}:${port}`, tls: null },
      pid: child.pid,
      threads: 'all',
      lost: child.lost,
      usage: async () => null,
      pulse: 'from-outside',
      stop: () => stop(child),
      kill: () => child.kill(),
    };
  });
}

function argumentOf({ config, policy, host, seed, requestCount, faults }: TargetSetup<GoConfig>): unknown {
  return {
    config,
    idleTimeoutMs: policy.idleTimeoutMs,
    host,
    seed,
    requestCount,
    faults: faults === null ? [] : namedFaults(faults),
  };
}

function namedFaults(script: FaultScript): { readonly request: number; readonly kind: FaultKind }[] {
  return [...script.entries()]
    .filter(([, code]) => code !== 0)
    .map(([request, code]) => ({ request, kind: faultKinds[code] }));
}

async function stop(child: Child): Promise<TargetReport> {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-go-'));
  try {
    const reportFile = join(folder, 'report');
    await child.call('stop', { reportFile });
    await child.end();
    return reportOf(decodeColumns(readFileSync(reportFile), reportFile), reportFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportOf(file: ColumnFile, name: string): TargetReport {
  const { connectionsOpenMax } = file.meta as { readonly connectionsOpenMax: number };
  return {
    ledger: readTable(file, name, ledgerLayout),
    connectionsOpenMax,
    ...readTable(file, name, connectionTimesLayout),
    ...readTable(file, name, { idleTimerLatenessNs: Float64Array }),
    // Goroutines have no event loop that could be held up.
    eventLoopDelayMsP99: null,
  };
}
