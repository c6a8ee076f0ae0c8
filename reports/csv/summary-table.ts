/** `summary.csv`: one row per scenario and strategy, every estimate with its interval. */
import { outcomes } from '../../harness/contract/outcome.ts';
import {
  comparedMetrics,
  type ScenarioSummary,
  type StrategySummary,
  type Summary,
} from '../../harness/contract/summary.ts';
import { type CsvColumn, type CsvTable, estimateColumns } from './csv-table.ts';

export interface SummaryRow {
  readonly summary: Summary;
  readonly scenario: ScenarioSummary;
  readonly strategy: StrategySummary;
}

export function summaryRows(summary: Summary): SummaryRow[] {
  return summary.scenarios.flatMap((scenario) =>
    scenario.strategies.map((strategy) => ({ summary, scenario, strategy })),
  );
}

/** @param axes Names of the swept fields, one column each. */
export function summaryTable(axes: readonly string[]): CsvTable<SummaryRow> {
  return {
    fileName: 'summary.csv',
    description: 'One row per scenario and strategy: sums over the healthy trials, measured time only.',
    columns: [
      ...identity,
      ...axes.map(axisColumn),
      ...counts,
      ...outcomes.map(outcomeColumn),
      ...rates,
      ...times('responseTimeMs', 'Response time, from the intended moment to the last byte'),
      ...times('serviceTimeMs', 'Service time, from the moment sent to the last byte'),
      ...costs,
      ...verdicts,
    ],
  };
}

function axisColumn(name: string): CsvColumn<SummaryRow> {
  return {
    name: `axis:${name}`,
    description: 'Value of a swept field, as written; one column for each field of the sweep',
    of: ({ scenario }) => scenario.axes[name] ?? null,
  };
}

const identity: CsvColumn<SummaryRow>[] = [
  { name: 'run', description: 'Id of the run', of: ({ summary }) => summary.run.id },
  { name: 'seed', description: 'Seed of the load plans', of: ({ summary }) => summary.run.seed },
  { name: 'scenario', description: 'Id of the scenario', of: ({ scenario }) => scenario.id },
  { name: 'strategy', description: 'Label of the strategy', of: ({ strategy }) => strategy.label },
  {
    name: 'isReference',
    description: '`true` for the strategy that the others are compared with',
    of: ({ summary, strategy }) => strategy.label === summary.run.config.reference,
  },
];

const counts: CsvColumn<SummaryRow>[] = [
  {
    name: 'trialsHealthy',
    description: 'Trials that the figures are made from',
    of: ({ strategy }) => strategy.trials.filter(({ health }) => health.ok).length,
  },
  {
    name: 'requestsScheduled',
    description: 'Requests in the load plans',
    of: ({ strategy }) => strategy.requests.scheduled,
  },
  {
    name: 'requestsStarted',
    description: 'Requests that the pacer let go',
    of: ({ strategy }) => strategy.requests.started,
  },
  {
    name: 'requestsDropped',
    description: 'Requests never sent: the generator’s limit',
    of: ({ strategy }) => strategy.requests.dropped,
  },
  {
    name: 'requestsOk',
    description: 'Requests answered with a status below 400',
    of: ({ strategy }) => strategy.requests.ok,
  },
  {
    name: 'requestsFailed',
    description: 'Requests that failed after all attempts',
    of: ({ strategy }) => strategy.requests.failed,
  },
  {
    name: 'attempts',
    description: 'Tries on the wire, retries included',
    of: ({ strategy }) => strategy.attempts.total,
  },
  {
    name: 'retries',
    description: 'Attempts after the first',
    of: ({ strategy }) => strategy.attempts.retries,
  },
  {
    name: 'lost',
    description: 'Requests reported as failed and never executed',
    of: ({ strategy }) => strategy.ledger?.lost ?? null,
  },
  {
    name: 'executedButFailed',
    description: 'Requests executed although the client saw a failure',
    of: ({ strategy }) => strategy.ledger?.executedButFailed ?? null,
  },
  {
    name: 'executedTwice',
    description: 'Requests executed more than once',
    of: ({ strategy }) => strategy.ledger?.executedTwice ?? null,
  },
];

function outcomeColumn(outcome: (typeof outcomes)[number]): CsvColumn<SummaryRow> {
  return {
    name: `outcome:${outcome}`,
    description: `Requests whose last attempt ended as \`${outcome}\``,
    of: ({ strategy }) => strategy.outcomes[outcome] ?? 0,
  };
}

const rates: CsvColumn<SummaryRow>[] = [
  ...estimateColumns<SummaryRow>(
    'errorRate',
    'Failed requests / started requests, 0 to 1',
    ({ strategy }) => strategy.errorRate,
  ),
  ...estimateColumns<SummaryRow>(
    'raceRate',
    'Requests whose first attempt died of the race / started requests, 0 to 1',
    ({ strategy }) => strategy.raceRate,
  ),
  {
    name: 'raceProbabilityPredicted',
    description: 'Expected value of `raceRate` by the law, 0 to 1',
    of: ({ strategy }) => strategy.prediction.raceProbability,
  },
  {
    name: 'rttMs',
    description: 'Configured round trip',
    of: ({ strategy }) => strategy.prediction.window.rttMs,
  },
  {
    name: 'serverLagMs',
    description: 'λs: how late the server notices a request, mean',
    of: ({ strategy }) => strategy.prediction.window.serverLagMs,
  },
  {
    name: 'clientLagMs',
    description: 'λc: how late the client notices a close, mean',
    of: ({ strategy }) => strategy.prediction.window.clientLagMs,
  },
  {
    name: 'timerLatenessMs',
    description: 'δs: how late the server’s idle timer fires, mean',
    of: ({ strategy }) => strategy.prediction.window.timerLatenessMs,
  },
  {
    name: 'raceWindowMs',
    description: 'Width of the race window, R + λs + λc',
    of: ({ strategy }) => strategy.prediction.window.widthMs,
  },
];

function times(field: 'responseTimeMs' | 'serviceTimeMs', what: string): CsvColumn<SummaryRow>[] {
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

const costs: CsvColumn<SummaryRow>[] = [
  {
    name: 'latenessMsP99',
    description: 'Sent minus intended, the harness’s own fault: p99',
    of: ({ strategy }) => strategy.latenessMs.p99,
  },
  {
    name: 'connectionsOpened',
    description: 'Connections opened by the clients',
    of: ({ strategy }) => strategy.connections.opened,
  },
  ...estimateColumns<SummaryRow>(
    'connectionsOpenedPer1000Requests',
    'Connections opened per 1,000 requests',
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
    description: 'Most connections open at once, as the generator counts',
    of: ({ strategy }) => strategy.connections.openMax,
  },
  ...estimateColumns<SummaryRow>(
    'serverCpuMsPer1000Requests',
    'CPU time of the target per 1,000 requests, ms',
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
    description: 'Context switches of the target per 1,000 requests',
    of: ({ strategy }) => strategy.server.contextSwitchesPer1000Requests,
  },
  {
    name: 'serverRssBytesMax',
    description: 'Largest resident memory of the target',
    of: ({ strategy }) => strategy.server.rssBytesMax,
  },
  {
    name: 'serverConnectionsOpenMax',
    description: 'Most connections open at once, as the target counts',
    of: ({ strategy }) => strategy.server.connectionsOpenMax,
  },
  {
    name: 'serverConnectionsAccepted',
    description: 'Connections accepted by the target',
    of: ({ strategy }) => strategy.server.connectionsAccepted,
  },
  {
    name: 'serverFdsMax',
    description: 'Most file descriptors open in the target',
    of: ({ strategy }) => strategy.server.fdsMax,
  },
  {
    name: 'serverEventLoopDelayMsP99',
    description: 'Event-loop delay of the target: p99',
    of: ({ strategy }) => strategy.server.eventLoopDelayMsP99,
  },
  {
    name: 'timeWaitMax',
    description: 'Most sockets in TIME_WAIT',
    of: ({ strategy }) => strategy.kernel.timeWaitMax,
  },
  {
    name: 'socketMemoryBytesMax',
    description: 'Largest memory of all TCP sockets of the machine',
    of: ({ strategy }) => strategy.kernel.socketMemoryBytesMax,
  },
  {
    name: 'tcpProbesSent',
    description: 'TCP keep-alive probes that the machine sent',
    of: ({ strategy }) => strategy.kernel.tcpProbesSent,
  },
  {
    name: 'generatorCpuShare',
    description: 'CPU of the generator, in cores',
    of: ({ strategy }) => strategy.generator.cpuShare,
  },
];

const verdicts: CsvColumn<SummaryRow>[] = comparedMetrics.flatMap((metric) => [
  {
    name: `${metric}Verdict`,
    description: `Verdict on ${metric} against the reference; empty for the reference itself`,
    of: ({ strategy }: SummaryRow) => strategy.versusReference?.[metric].word ?? null,
  },
  ...estimateColumns<SummaryRow>(
    `${metric}Effect`,
    metric === 'errorRate'
      ? 'Error rate minus the reference’s, 0 to 1'
      : `Ratio of ${metric} to the reference’s`,
    ({ strategy }) => strategy.versusReference?.[metric].effect ?? null,
  ),
]);
