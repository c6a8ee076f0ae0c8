/**
 * Samples what a trial costs, at a fixed period, from the controller, which has nothing else to do
 * then. Linux tells it below /proc; elsewhere every column is null.
 */
import { readdirSync } from 'node:fs';
import { GrowingColumn } from '../../base/columns/growing-column.ts';
import { nowNs } from '../../base/time/clock.ts';
import type { ResourceSampler, ResourceSeries, ResourceSetup } from '../../contract/resources.ts';
import { procFile } from './proc-file.ts';
import { countTimeWait, procAddress, readSocketMemory, readTcpProbes } from './proc-text.ts';
import { processUsage } from './process-usage.ts';

type SeriesName = Exclude<keyof ResourceSeries, 'atNs'>;

const seriesNames: readonly SeriesName[] = [
  'cpuMs',
  'rssBytes',
  'fds',
  'timeWait',
  'socketMemoryBytes',
  'tcpProbesSent',
];

/** Linux' page size on x86-64 and most arm64 machines; sockstat counts in pages. */
const pageBytes = 4_096;

export function sampleResources(setup: ResourceSetup): ResourceSampler {
  const atNs = new GrowingColumn(Float64Array);
  const columns = new Map(seriesNames.map((name) => [name, new GrowingColumn(Float64Array)]));
  const take = (withTable: boolean) => {
    const sample = readSample(setup, withTable);
    atNs.push(nowNs());
    for (const name of seriesNames) columns.get(name)?.push(sample[name] ?? Number.NaN);
  };
  take(false);
  const timer = setInterval(() => take(false), setup.periodMs);
  const column = (name: SeriesName): Float64Array | null => {
    const values = columns.get(name)?.toArray();
    return values === undefined || values.every(Number.isNaN) ? null : values;
  };
  let series: ResourceSeries | null = null;
  return {
    stop() {
      if (series !== null) return series;
      clearInterval(timer);
      take(true);
      series = {
        atNs: atNs.toArray(),
        cpuMs: column('cpuMs'),
        rssBytes: column('rssBytes'),
        fds: column('fds'),
        timeWait: column('timeWait'),
        socketMemoryBytes: column('socketMemoryBytes'),
        tcpProbesSent: column('tcpProbesSent'),
      };
      return series;
    },
  };
}

function readSample(
  { pids, host, port }: ResourceSetup,
  withTable: boolean,
): Record<SeriesName, number | null> {
  const usage = pids.length === 0 ? null : processUsage(pids);
  const known = usage !== null && usage.cpuUserMs !== null && usage.cpuSystemMs !== null;
  const address = withTable ? procAddress(host, port) : null;
  const table = address === null ? null : procFile('net/tcp');
  const sockstat = procFile('net/sockstat');
  const netstat = procFile('net/netstat');
  return {
    cpuMs: known ? (usage.cpuUserMs ?? 0) + (usage.cpuSystemMs ?? 0) : null,
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
