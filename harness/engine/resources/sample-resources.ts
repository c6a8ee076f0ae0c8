/**
 * Samples what a trial costs, at a fixed period, from the controller, which has nothing else to do
 * then. Linux tells it below /proc; elsewhere every column is null.
 */
import { readdirSync } from 'node:fs';
import { GrowingColumn } from '../../base/columns/growing-column.ts';
import { GrowingTable, mapTable } from '../../base/columns/tables.ts';
import { nowNs } from '../../base/time/clock.ts';
import type { TableOrNulls } from '../../contract/columns.ts';
import {
  type ResourceSampler,
  type ResourceSeries,
  type ResourceSetup,
  resourceLayout,
} from '../../contract/resources.ts';
import { cpuMsOf } from '../../contract/target.ts';
import { procFile } from './proc-file.ts';
import { countTimeWait, procAddress, readSocketMemory, readTcpProbes } from './proc-text.ts';
import { processUsage } from './process-usage.ts';

type Sample = Readonly<Record<keyof typeof resourceLayout, number | null>>;

/** Linux' page size on x86-64 and most arm64 machines; sockstat counts in pages. */
const pageBytes = 4_096;

export function sampleResources(setup: ResourceSetup): ResourceSampler {
  const atNs = new GrowingColumn(Float64Array);
  const table = new GrowingTable(resourceLayout);
  const take = (withTable: boolean) => {
    const sample = Object.entries(readSample(setup, withTable));
    atNs.push(nowNs());
    const row = table.add();
    for (const [name, value] of sample) table.columns[name as keyof Sample].set(row, value ?? Number.NaN);
  };
  take(false);
  const timer = setInterval(() => take(false), setup.periodMs);
  let series: ResourceSeries | null = null;
  return {
    stop() {
      if (series !== null) return series;
      clearInterval(timer);
      take(true);
      const columns: TableOrNulls<typeof resourceLayout> = mapTable(table.toTable(), (column) =>
        column.every(Number.isNaN) ? null : column,
      );
      series = { atNs: atNs.toArray(), ...columns };
      return series;
    },
  };
}

function readSample({ pids, host, port }: ResourceSetup, withTable: boolean): Sample {
  const usage = pids.length === 0 ? null : processUsage(pids);
  const address = withTable ? procAddress(host, port) : null;
  const table = address === null ? null : procFile('net/tcp');
  const sockstat = procFile('net/sockstat');
  const netstat = procFile('net/netstat');
  return {
    cpuMs: usage && cpuMsOf(usage),
    rssBytes: usage?.rssBytes ?? null,
    fds: pids.length === 0 ? null : countFds(pids),
    timeWait: table === null || address === null ? null : countTimeWait(table, address),
    socketMemoryBytes: sockstat === null ? null : readSocketMemory(sockstat, pageBytes),
    tcpProbesSent: netstat === null ? null : readTcpProbes(netstat),
  };
}

function countFds(pids: readonly number[]): number | null {
  if (process.platform !== 'linux') return null;
  try {
    return pids.reduce((count, pid) => count + readdirSync(`/proc/${pid}/fd`).length, 0);
  } catch {
    return null;
  }
}
