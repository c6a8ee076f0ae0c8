/** The columns of `summary.csv` that say how long requests took and what they cost. */
import { type CsvColumn, estimateColumns } from './csv-table.ts';
import type { SummaryRow } from './summary-row.ts';

export function timeColumns(
  field: 'responseTimeMs' | 'serviceTimeMs',
  what: string,
): CsvColumn<SummaryRow>[] {
  return [
    ...(['p50', 'p90', 'p99', 'p999'] as const).flatMap((percentile) =>
      estimateColumns<SummaryRow>(
        `${field}${percentile.toUpperCase()}`,
        `${what}: ${percentile === 'p999' ? 'p99.9' : percentile}`,
        ({ strategy }) => strategy[field][percentile],
      ),
    ),
    {
      name: `${field}Max`,
      description: `${what}: largest of all rounds`,
      of: ({ strategy }) => strategy[field].max,
    },
  ];
}

/** Its cells are empty where so many requests failed that the percentile is infinite. */
export const successColumns: CsvColumn<SummaryRow>[] = (['p50', 'p90', 'p99'] as const).flatMap(
  (percentile) => [
    ...estimateColumns<SummaryRow>(
      `timeToSuccessMs${percentile.toUpperCase()}`,
      `Time to success of all started requests, a failed one counted as infinite: ${percentile}`,
      ({ strategy }) => strategy.timeToSuccessMs[percentile],
    ),
    {
      name: `timeToSuccess${percentile.toUpperCase()}Reached`,
      description: `\`false\`: so many requests failed that ${percentile} is infinite`,
      of: ({ strategy }) => strategy.timeToSuccessMs[percentile].reached,
    },
  ],
);

export const costColumns: CsvColumn<SummaryRow>[] = [
  ...estimateColumns<SummaryRow>(
    'answeredPerSecond',
    'Requests answered with a status below 400 per second of measured time',
    ({ strategy }) => strategy.answeredPerSecond,
  ),
  {
    name: 'latenessMsP99',
    description: 'Sent minus intended, caused by the harness: p99',
    of: ({ strategy }) => strategy.latenessMs.p99,
  },
  {
    name: 'connectionsOpened',
    description: 'Connections opened by the clients',
    of: ({ strategy }) => strategy.connections.opened,
  },
  ...estimateColumns<SummaryRow>(
    'connectionsOpenedPer1000Requests',
    'Connections opened per 1,000 answered requests',
    ({ strategy }) => strategy.connections.openedPer1000Requests,
  ),
  {
    name: 'requestsPerConnection',
    description: 'Attempts / connections opened',
    of: ({ strategy }) => strategy.connections.requestsPerConnection,
  },
  {
    name: 'freshShare',
    description: 'Share of requests whose first attempt went out on a fresh connection, 0 to 1',
    of: ({ strategy }) => strategy.connections.freshShare,
  },
  {
    name: 'clientConnectionsOpenMax',
    description: 'Most connections open at once, as the generator counts, warm-up included',
    of: ({ strategy }) => strategy.connections.openMax,
  },
  ...estimateColumns<SummaryRow>(
    'serverCpuMsPer1000Requests',
    'CPU time of the target per 1,000 answered requests, ms',
    ({ strategy }) => strategy.server.cpuMsPer1000Requests,
  ),
  {
    name: 'serverCpuUserMsPer1000Requests',
    description: 'The same, user time only',
    of: ({ strategy }) => strategy.server.cpuUserMsPer1000Requests,
  },
  {
    name: 'serverCpuSystemMsPer1000Requests',
    description: 'The same, system time only',
    of: ({ strategy }) => strategy.server.cpuSystemMsPer1000Requests,
  },
  {
    name: 'serverContextSwitchesPer1000Requests',
    description: 'Context switches of the target per 1,000 answered requests',
    of: ({ strategy }) => strategy.server.contextSwitchesPer1000Requests,
  },
  {
    name: 'serverRssBytesMax',
    description: 'Largest resident memory of the target, warm-up included',
    of: ({ strategy }) => strategy.server.rssBytesMax,
  },
  {
    name: 'serverConnectionsOpenMax',
    description: 'Most connections open at once, as the target counts, warm-up included',
    of: ({ strategy }) => strategy.server.connectionsOpenMax,
  },
  {
    name: 'serverConnectionsAccepted',
    description: 'Connections accepted by the target, warm-up included',
    of: ({ strategy }) => strategy.server.connectionsAccepted,
  },
  {
    name: 'serverFdsMax',
    description: 'Most file descriptors open in the target, warm-up included',
    of: ({ strategy }) => strategy.server.fdsMax,
  },
  {
    name: 'serverEventLoopDelayMsP99',
    description: 'Event-loop delay of the target: p99',
    of: ({ strategy }) => strategy.server.eventLoopDelayMsP99,
  },
  {
    name: 'timeWaitMax',
    description: 'Most sockets in TIME_WAIT, warm-up included',
    of: ({ strategy }) => strategy.kernel.timeWaitMax,
  },
  {
    name: 'socketMemoryBytesMax',
    description: 'Largest memory of all TCP sockets of the machine, warm-up included',
    of: ({ strategy }) => strategy.kernel.socketMemoryBytesMax,
  },
  {
    name: 'tcpProbesSent',
    description: 'TCP keep-alive probes that the machine sent, warm-up included',
    of: ({ strategy }) => strategy.kernel.tcpProbesSent,
  },
  {
    name: 'generatorCpuShare',
    description: 'CPU of the generator, in cores',
    of: ({ strategy }) => strategy.generator.cpuShare,
  },
  {
    name: 'floorResponseTimeMsP50',
    description: 'Harness overhead, included in every response time: p50',
    of: (row) => floorOf(row)?.p50 ?? null,
  },
  {
    name: 'floorResponseTimeMsP99',
    description: 'Harness overhead: p99',
    of: (row) => floorOf(row)?.p99 ?? null,
  },
];

function floorOf({ summary, scenario }: SummaryRow) {
  const kind = scenario.config.client.kind;
  return summary.run.floor.find(({ clientKind }) => clientKind === kind)?.responseTimeMs;
}
