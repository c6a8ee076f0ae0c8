/** `summary.csv`: one row per scenario and strategy, every estimate with its interval. */
import { outcomes } from '../../harness/contract/outcome.ts';
import { comparedMetrics, type Summary } from '../../harness/contract/summary.ts';
import { type CsvColumn, type CsvTable, estimateColumns } from './csv-table.ts';
import { hopColumns } from './hop-columns.ts';
import { costColumns, timeColumns } from './summary-cost-columns.ts';
import type { SummaryRow } from './summary-row.ts';

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
      ...hopColumns,
      ...rates,
      ...timeColumns('responseTimeMs', 'Response time, from the intended moment to the last byte'),
      ...timeColumns('serviceTimeMs', 'Service time, from the moment sent to the last byte'),
      ...costColumns,
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
    description: 'Expected value of `raceRate` by the law, with the lags of the other rounds, 0 to 1',
    of: ({ strategy }) => strategy.prediction.raceProbability,
  },
  {
    name: 'raceProbabilityBy',
    description: '`replay` of the load plans, or `closed-form` where the replays count no race',
    of: ({ strategy }) => strategy.prediction.by,
  },
  {
    name: 'lawCheckPredicted',
    description: 'Expected value of `raceRate` by the law, with the lags of the same rounds, 0 to 1',
    of: ({ strategy }) => strategy.lawCheck.predicted,
  },
  ...estimateColumns<SummaryRow>(
    'lawCheckDifference',
    'Measured minus `lawCheckPredicted`',
    ({ strategy }) => strategy.lawCheck.measuredMinusPredicted,
  ),
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
    description: 'λc: how late the client reads an answer or notices a close, mean',
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
