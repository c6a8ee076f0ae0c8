/**
 * What the target, the wire and the OS said of a trial, as one column file: the counterpart of the
 * samples file. A part that is not available leaves no column and stays null when it is read.
 */
import type { Column, ColumnFile } from '../harness/base/columns/columns.ts';
import { HarnessError } from '../harness/base/errors.ts';
import type { BalancerReport } from '../harness/contract/balancer.ts';
import type { ResourceSeries } from '../harness/contract/resources.ts';
import type { TargetReport } from '../harness/contract/target.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import type { WireReport } from '../harness/contract/wire.ts';

type ServerSide = Pick<TrialResult, 'target' | 'wire' | 'balancer' | 'resources'>;

const seriesNames = ['cpuMs', 'rssBytes', 'fds', 'timeWait', 'socketMemoryBytes', 'tcpProbesSent'] as const;

const balancerNames = [
  'answers',
  'upstreamAttempts',
  'upstreamDeaths',
  'upstreamRetries',
  'ownAnswers',
  'silentCloses',
] as const satisfies readonly (keyof BalancerReport)[];

export function encodeServerSide({ target, wire, balancer, resources }: ServerSide): ColumnFile {
  const columns: Record<string, Column> = {};
  const meta: Record<string, unknown> = {};
  if (target !== null) {
    const { ledger, idleTimerLatenessNs, connectionOpenedNs, connectionClosedNs, ...counts } = target;
    meta.target = counts;
    columns['ledger.executions'] = ledger.executions;
    columns['ledger.answers'] = ledger.answers;
    columns['ledger.noticedNs'] = ledger.noticedNs;
    columns['ledger.answeredNs'] = ledger.answeredNs;
    columns['target.idleTimerLatenessNs'] = idleTimerLatenessNs;
    if (connectionOpenedNs !== null) columns['target.connectionOpenedNs'] = connectionOpenedNs;
    if (connectionClosedNs !== null) columns['target.connectionClosedNs'] = connectionClosedNs;
  }
  if (balancer !== null) {
    for (const name of balancerNames) columns[`balancer.${name}`] = balancer[name];
  }
  if (wire !== null) {
    const { clientPort, event, atNs, ...counts } = wire;
    meta.wire = counts;
    columns['wire.clientPort'] = clientPort;
    columns['wire.event'] = event;
    columns['wire.atNs'] = atNs;
  }
  if (resources !== null) {
    columns['resources.atNs'] = resources.atNs;
    for (const name of seriesNames) {
      const series = resources[name];
      if (series !== null) columns[`resources.${name}`] = series;
    }
  }
  return { meta, columns };
}

export function decodeServerSide(file: ColumnFile, fileName: string): ServerSide {
  const meta = file.meta as {
    target?: Pick<TargetReport, 'connectionsOpenMax' | 'eventLoopDelayMsP99'>;
    wire?: Omit<WireReport, 'clientPort' | 'event' | 'atNs'>;
  };
  const column = <Values extends Column>(name: string, type: abstract new (...args: never[]) => Values) => {
    const values = file.columns[name];
    if (values instanceof type) return values;
    throw new HarnessError('run-unreadable', `Cannot read "${fileName}": no column "${name}" in it.`);
  };
  const columnOrNull = (name: string) => (name in file.columns ? column(name, Float64Array) : null);
  const target = meta.target && {
    ...meta.target,
    ledger: {
      executions: column('ledger.executions', Uint8Array),
      answers: column('ledger.answers', Uint8Array),
      noticedNs: column('ledger.noticedNs', Float64Array),
      answeredNs: column('ledger.answeredNs', Float64Array),
    },
    idleTimerLatenessNs: column('target.idleTimerLatenessNs', Float64Array),
    connectionOpenedNs: columnOrNull('target.connectionOpenedNs'),
    connectionClosedNs: columnOrNull('target.connectionClosedNs'),
  };
  const wire = meta.wire && {
    ...meta.wire,
    clientPort: column('wire.clientPort', Uint16Array),
    event: column('wire.event', Uint8Array),
    atNs: column('wire.atNs', Float64Array),
  };
  const balancer =
    'balancer.answers' in file.columns
      ? {
          answers: column('balancer.answers', Uint8Array),
          upstreamAttempts: column('balancer.upstreamAttempts', Uint8Array),
          upstreamDeaths: column('balancer.upstreamDeaths', Uint8Array),
          upstreamRetries: column('balancer.upstreamRetries', Uint8Array),
          ownAnswers: column('balancer.ownAnswers', Uint8Array),
          silentCloses: column('balancer.silentCloses', Uint8Array),
        }
      : null;
  return { target: target ?? null, wire: wire ?? null, balancer, resources: decodeSeries(file, column) };
}

function decodeSeries(
  file: ColumnFile,
  column: (name: string, type: typeof Float64Array) => Float64Array,
): ResourceSeries | null {
  if (!('resources.atNs' in file.columns)) return null;
  const series = (name: (typeof seriesNames)[number]) =>
    `resources.${name}` in file.columns ? column(`resources.${name}`, Float64Array) : null;
  return {
    atNs: column('resources.atNs', Float64Array),
    cpuMs: series('cpuMs'),
    rssBytes: series('rssBytes'),
    fds: series('fds'),
    timeWait: series('timeWait'),
    socketMemoryBytes: series('socketMemoryBytes'),
    tcpProbesSent: series('tcpProbesSent'),
  };
}
