/**
 * Samples what a trial costs, at a fixed period, from the controller, which has nothing else to do
 * then. Linux tells it below /proc; elsewhere every column is null.
 */
import { readdirSync } from 'node:fs';
import { nowNs } from '../base/clock.ts';
import { GrowingColumn } from '../base/growing-column.ts';
import type { ResourceSampler, ResourceSeries, ResourceSetup } from '../contract/resources.ts';
import { procFile } from './proc-file.ts';
import { countSockets, procAddress, readSocketMemory, readTcpProbes } from './proc-text.ts';
import { processUsage } from './process-usage.ts';

type SeriesName = Exclude<keyof ResourceSeries, 'atNs'>;

const seriesNames: readonly SeriesName[] = [
  'cpuMs',
  'rssBytes',
  'fds',
  'established',
  'timeWait',
  'socketMemoryBytes',
  'tcpProbesSent',
];

/** Linux' page size on x86-64 and most arm64 machines; sockstat counts in pages. */
const pageBytes = 4_096;

export function sampleResources(setup: ResourceSetup): ResourceSampler {
  const atNs = new GrowingColumn(Float64Array);
  const columns = new Map(seriesNames.map((name) => [name, new GrowingColumn(Float64Array)]));
  const take = () => {
    const sample = readSample(setup);
    atNs.push(nowNs());
    for (const name of seriesNames) columns.get(name)?.push(sample[name] ?? Number.NaN);
  };
  take();
  const timer = setInterval(take, setup.periodMs);
  const column = (name: SeriesName): Float64Array | null => {
    const values = columns.get(name)?.toArray();
    return values === undefined || values.every(Number.isNaN) ? null : values;
  };
  let series: ResourceSeries | null = null;
  return {
    stop() {
      if (series !== null) return series;
      clearInterval(timer);
      take();
      series = {
        atNs: atNs.toArray(),
        cpuMs: column('cpuMs'),
        rssBytes: column('rssBytes'),
        fds: column('fds'),
        established: column('established'),
        timeWait: column('timeWait'),
        socketMemoryBytes: column('socketMemoryBytes'),
        tcpProbesSent: column('tcpProbesSent'),
      };
      return series;
    },
  };
}

function readSample({ pid, host, port }: ResourceSetup): Record<SeriesName, number | null> {
  const usage = pid === null ? null : processUsage(pid);
  const known = usage !== null && usage.cpuUserMs !== null && usage.cpuSystemMs !== null;
  const address = procAddress(host, port);
  const table = address === null ? null : procFile('net/tcp');
  const sockets = table === null || address === null ? null : countSockets(table, address);
  const sockstat = procFile('net/sockstat');
  const netstat = procFile('net/netstat');
  return {
    cpuMs: known ? (usage.cpuUserMs ?? 0) + (usage.cpuSystemMs ?? 0) : null,
    rssBytes: usage?.rssBytes ?? null,
    fds: pid === null ? null : countFds(pid),
    established: sockets?.established ?? null,
    timeWait: sockets?.timeWait ?? null,
    socketMemoryBytes: sockstat === null ? null : readSocketMemory(sockstat, pageBytes),
    tcpProbesSent: netstat === null ? null : readTcpProbes(netstat),
  };
}

function countFds(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}
