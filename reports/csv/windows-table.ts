/** `windows.csv`: the time line, one row per second of each trial. */
import type { Summary, Window } from '../../harness/contract/summary.ts';
import { type CsvTable, fieldColumns, strategyColumns } from './csv-table.ts';

export interface WindowRow {
  readonly scenario: string;
  readonly strategy: string;
  readonly window: Window;
}

export function windowRows(summary: Summary): WindowRow[] {
  return summary.scenarios.flatMap(({ id, strategies }) =>
    strategies.flatMap(({ label, windows }) =>
      windows.map((window) => ({ scenario: id, strategy: label, window })),
    ),
  );
}

export const windowsTable: CsvTable<WindowRow> = {
  fileName: 'windows.csv',
  description: 'One row per second of the measured time of a trial; the last one may be shorter.',
  columns: [
    ...strategyColumns,
    ...fieldColumns(({ window }: WindowRow) => window, {
      round: 'Round, from 1',
      second: 'Seconds from the start of the measured time',
      requests: 'Requests started',
      ok: 'Of these, answered with a status below 400',
      failed: 'Of these, failed after all attempts',
      retries: 'Attempts after the first',
      idleRaces: 'Attempts that ran into the idle-timeout race',
      responseTimeMsP50: 'Response time: p50',
      responseTimeMsP99: 'Response time: p99',
      responseTimeMsMax: 'Response time: largest',
      connectionsOpen: 'Connections open at the end of the second, as the generator counts',
      connectionsOpened: 'Connections opened within the second',
      serverConnectionsOpen:
        'Connections open at the end of the second, as the target counts; empty where it does not record them',
      serverConnectionsAccepted:
        'Connections accepted within the second, as the target counts; empty where it does not record them',
      serverCpuShare: 'CPU of the target, in cores',
      serverRssBytes: 'Resident memory of the target',
    }),
  ],
};
