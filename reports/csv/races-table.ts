/** `races.csv`: one row per attempt that died without a whole response, warm-up included and marked. */
import type { RaceRow } from '../../harness/contract/summary.ts';
import { type CsvTable, fieldColumns, strategyColumns } from './csv-table.ts';

export const racesTable: CsvTable<RaceRow> = {
  fileName: 'races.csv',
  description: 'One row per failed attempt, in trial order; `isWarmup` rows count in no other figure.',
  columns: [
    ...strategyColumns,
    ...fieldColumns((row: RaceRow) => row, {
      round: 'Round, from 1',
      isWarmup: '`true`: before the measured time began',
      request: 'Row of the load plan, the request id',
      client: 'Number of the simulated client',
      attempt: 'Attempt at this request, from 1',
      method: 'HTTP method',
      outcome: 'How the attempt ended',
      sign: 'What ended the connection: `fin`, `rst`, `epipe`, …',
      isReused: '`true`: the connection had carried a request before',
      connection: 'Number of the connection within the trial',
      localPort: 'Port of the client’s end',
      idleAgeMs: 'Idle age when the request was written; empty on a fresh connection',
      sentMs: 'When it was written, from the start of the trial',
      diedAfterMs: 'From the write to the FIN, RST or error',
      bytesWritten: 'Request bytes handed to the kernel',
      bytesRead: 'Response bytes read before it failed',
      executions:
        'How many times the target executed this request in all; empty where it does not record executions',
    }),
  ],
};
