/** The columns of `summary.csv` that say how long requests took and what they cost. */
import { type CsvColumn, estimateColumns, fieldColumns } from './csv-table.ts';
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
  ...fieldColumns(
    ({ strategy: { connections } }: SummaryRow) => ({
      ...connections,
      clientConnectionsOpenMax: connections.openMax,
    }),
    {
      requestsPerConnection: 'Attempts / connections opened',
      freshShare: 'Share of requests whose first attempt went out on a fresh connection, 0 to 1',
      clientConnectionsOpenMax: 'Most connections open at once, as the generator counts, warm-up included',
    },
  ),
  ...estimateColumns<SummaryRow>(
    'serverCpuMsPer1000Requests',
    'CPU time of the target per 1,000 answered requests, ms',
    ({ strategy }) => strategy.server.cpuMsPer1000Requests,
  ),
  ...fieldColumns(
    ({ strategy }: SummaryRow) => strategy.server,
    {
      cpuUserMsPer1000Requests: 'The same, user time only',
      cpuSystemMsPer1000Requests: 'The same, system time only',
      contextSwitchesPer1000Requests: 'Context switches of the target per 1,000 answered requests',
      rssBytesMax: 'Largest resident memory of the target, warm-up included',
      connectionsOpenMax: 'Most connections open at once, as the target counts, warm-up included',
      connectionsAccepted: 'Connections accepted by the target, warm-up included',
      fdsMax: 'Most file descriptors open in the target, warm-up included',
      eventLoopDelayMsP99: 'Event-loop delay of the target: p99',
    },
    'server',
  ),
  ...fieldColumns(({ strategy }: SummaryRow) => strategy.kernel, {
    timeWaitMax: 'Most sockets in TIME_WAIT, warm-up included',
    socketMemoryBytesMax: 'Largest memory of all TCP sockets of the machine, warm-up included',
    tcpProbesSent: 'TCP keep-alive probes that the machine sent, warm-up included',
  }),
  {
    name: 'generatorCpuShare',
    description: 'CPU of the generator, in cores',
    of: ({ strategy }) => strategy.generator.cpuShare,
  },
  ...fieldColumns(
    floorOf,
    {
      p50: 'Harness overhead, included in every response time: p50',
      p99: 'Harness overhead: p99',
    },
    'floorResponseTimeMs',
  ),
];

function floorOf({ summary, scenario }: SummaryRow) {
  const kind = scenario.config.client.kind;
  return summary.run.floor.find(({ clientKind }) => clientKind === kind)?.responseTimeMs ?? null;
}
