/** `summary.csv`: one row per scenario and strategy, every estimate with its interval. */
import { outcomes } from '../../harness/contract/outcome.ts';
import {
  comparedMetrics,
  type RateEstimate,
  type StrategySummary,
  type Summary,
} from '../../harness/contract/summary.ts';
import { type CsvColumn, type CsvTable, estimateColumns, fieldColumns } from './csv-table.ts';
import { hopColumns } from './hop-columns.ts';
import { costColumns, successColumns, timeColumns } from './summary-cost-columns.ts';
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
      ...timeColumns(
        'serviceTimeMs',
        'Service time, from the moment the first attempt was sent to the last byte',
      ),
      ...successColumns,
      ...costColumns,
      ...inference,
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
  ...fieldColumns(
    ({ strategy }: SummaryRow) => strategy.requests,
    {
      scheduled: 'Requests in the load plans',
      started: 'Requests that were started',
      dropped: 'Requests never sent, because the generator was still behind 1 s after the last intended time',
      ok: 'Requests answered with a status below 400',
      failed: 'Requests that failed after all attempts',
    },
    'requests',
  ),
  ...fieldColumns(
    ({ strategy: { attempts } }: SummaryRow) => ({ attempts: attempts.total, retries: attempts.retries }),
    {
      attempts: 'Attempts at requests, retries included',
      retries: 'Attempts after the first',
    },
  ),
  ...fieldColumns(({ strategy }: SummaryRow) => strategy.ledger, {
    lost: 'Failed requests that the target did not execute',
    executedButFailed: 'Failed requests that the target executed at least once',
    executedTwice: 'Requests executed more than once',
  }),
];

function outcomeColumn(outcome: (typeof outcomes)[number]): CsvColumn<SummaryRow> {
  return {
    name: `outcome:${outcome}`,
    description: `Requests whose last attempt ended as \`${outcome}\``,
    of: ({ strategy }) => strategy.outcomes[outcome] ?? 0,
  };
}

/** A share, its interval, and what a zero leaves possible. */
function rateColumns(
  name: string,
  description: string,
  of: (strategy: StrategySummary) => RateEstimate,
): CsvColumn<SummaryRow>[] {
  const [estimate, low, high] = estimateColumns<SummaryRow>(name, description, ({ strategy }) =>
    of(strategy),
  );
  return [
    estimate,
    low,
    {
      ...high,
      description: `${high.description}; if \`${name}\` is 0, it assumes independent events`,
    },
    {
      name: `${name}BadRoundShareHigh`,
      description: `If \`${name}\` is 0: upper bound of the share of rounds with such a request, 95 % confidence; empty otherwise`,
      of: ({ strategy }) => of(strategy).none?.badRoundShareHigh ?? null,
    },
  ];
}

const rates: CsvColumn<SummaryRow>[] = [
  ...rateColumns('errorRate', 'Failed requests / started requests, 0 to 1', ({ errorRate }) => errorRate),
  ...rateColumns(
    'raceRate',
    'Requests whose first attempt ran into the idle-timeout race / started requests, 0 to 1',
    ({ raceRate }) => raceRate,
  ),
  {
    name: 'raceProbabilityPredicted',
    description:
      'Expected value of `raceRate` by the timing model, with the lags of the other rounds, 0 to 1',
    of: ({ strategy }) => strategy.prediction.raceProbability,
  },
  {
    name: 'raceProbabilityBy',
    description: '`replay` of the load plans, or `closed-form` where the replays count no race',
    of: ({ strategy }) => strategy.prediction.by,
  },
  {
    name: 'lawCheckPredicted',
    description: 'Expected value of `raceRate` by the timing model, with the lags of the same rounds, 0 to 1',
    of: ({ strategy }) => strategy.lawCheck.predicted,
  },
  ...estimateColumns<SummaryRow>(
    'lawCheckDifference',
    'Measured minus `lawCheckPredicted`',
    ({ strategy }) => strategy.lawCheck.measuredMinusPredicted,
  ),
  ...fieldColumns(
    ({ strategy: { prediction } }: SummaryRow) => ({
      ...prediction.window,
      raceWindowMs: prediction.window.widthMs,
    }),
    {
      rttMs: 'Configured round trip',
      serverLagMs: 'λs: how late the server notices a request, mean',
      clientLagMs: 'λc: how late the client reads an answer or notices a close, mean',
      timerLatenessMs: 'δs: how late the server’s idle timer fires, mean',
      raceWindowMs: 'Width of the race window, R + λs + λc',
    },
  ),
];

const inference: CsvColumn<SummaryRow>[] = fieldColumns(
  ({ scenario: { inference } }: SummaryRow) =>
    inference && {
      ...inference,
      roundsCompared: inference.rounds,
      look: inference.look?.number ?? null,
      roundsMax: inference.look?.roundsMax ?? null,
    },
  {
    comparisons:
      'Number of intervals of the scenario that hold together; this and the next four columns are empty if nothing is compared',
    familyErrorMax: 'Largest probability that any of these intervals misses its true value',
    roundsCompared: 'Rounds with a healthy trial of the reference',
    look: 'Number of times that the run looked at its data; empty with a fixed number of rounds',
    roundsMax: 'Largest number of rounds of the run; empty with a fixed number of rounds',
  },
);

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
    'simultaneous',
  ),
  {
    name: `${metric}Worthwhile`,
    description: `Differences of ${metric} below this are slight; ${metric === 'errorRate' ? '0 to 1' : 'a share of the reference’s figure'}`,
    of: ({ strategy }: SummaryRow) => strategy.versusReference?.[metric].worthwhile ?? null,
  },
  {
    name: `${metric}MoreRounds`,
    description: `If ${metric} is undecided: about how many more rounds would settle it`,
    of: ({ strategy }: SummaryRow) => strategy.versusReference?.[metric].moreRounds ?? null,
  },
  {
    name: `${metric}Reasons`,
    description: `If ${metric} has no verdict or is not available: why, joined by \`; \``,
    of: ({ strategy }: SummaryRow) => strategy.versusReference?.[metric].reasons.join('; ') || null,
  },
]);
