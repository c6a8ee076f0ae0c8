/** The columns of `summary.csv` for what happened between a balancer and the target. */
import { type CsvColumn, fieldColumns } from './csv-table.ts';
import type { SummaryRow } from './summary-row.ts';

export const hopColumns: CsvColumn<SummaryRow>[] = [
  {
    name: 'via',
    description: 'Balancer between client and target; empty: none',
    of: ({ scenario }) => scenario.config.via?.kind ?? null,
  },
  ...fieldColumns(
    ({ strategy }: SummaryRow) => strategy.hop,
    {
      requestsSentOn:
        'Requests that the balancer sent on to the target; this and the next five columns are empty without a balancer',
      upstreamAttempts: 'Attempts of the balancer at those requests, retries included',
      upstreamDeaths: 'Attempts of the balancer that ended without a complete answer of the target',
      retriedByBalancer: 'Attempts that the balancer repeated after one had failed',
      madeByBalancer: 'Answers that the balancer made itself, for example a 502',
      silentCloses: 'Requests for which the balancer closed the client’s connection without an answer',
    },
    'hop:',
  ),
];
