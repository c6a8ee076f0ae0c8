/** `windows.csv`: the time line, one row per second of each trial. */
import type { Summary, Window } from '../../harness/contract/summary.ts';
import type { CsvTable } from './csv-table.ts';

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
    { name: 'scenario', description: 'Id of the scenario', of: ({ scenario }) => scenario },
    { name: 'strategy', description: 'Label of the strategy', of: ({ strategy }) => strategy },
    { name: 'round', description: 'Round, from 1', of: ({ window }) => window.round },
    {
      name: 'second',
      description: 'Seconds from the start of the measured time',
      of: ({ window }) => window.second,
    },
    { name: 'requests', description: 'Requests started', of: ({ window }) => window.requests },
    { name: 'ok', description: 'Of these, answered with a status below 400', of: ({ window }) => window.ok },
    { name: 'failed', description: 'Of these, failed after all attempts', of: ({ window }) => window.failed },
    { name: 'retries', description: 'Attempts after the first', of: ({ window }) => window.retries },
    {
      name: 'idleRaces',
      description: 'Attempts that ran into the idle-timeout race',
      of: ({ window }) => window.idleRaces,
    },
    {
      name: 'responseTimeMsP50',
      description: 'Response time: p50',
      of: ({ window }) => window.responseTimeMsP50,
    },
    {
      name: 'responseTimeMsP99',
      description: 'Response time: p99',
      of: ({ window }) => window.responseTimeMsP99,
    },
    {
      name: 'responseTimeMsMax',
      description: 'Response time: largest',
      of: ({ window }) => window.responseTimeMsMax,
    },
    {
      name: 'connectionsOpen',
      description: 'Connections open at the end of the second, as the generator counts',
      of: ({ window }) => window.connectionsOpen,
    },
    {
      name: 'connectionsOpened',
      description: 'Connections opened within the second',
      of: ({ window }) => window.connectionsOpened,
    },
    {
      name: 'serverConnectionsOpen',
      description:
        'Connections open at the end of the second, as the target counts; empty where it does not record them',
      of: ({ window }) => window.serverConnectionsOpen,
    },
    {
      name: 'serverConnectionsAccepted',
      description:
        'Connections accepted within the second, as the target counts; empty where it does not record them',
      of: ({ window }) => window.serverConnectionsAccepted,
    },
    {
      name: 'serverCpuShare',
      description: 'CPU of the target, in cores',
      of: ({ window }) => window.serverCpuShare,
    },
    {
      name: 'serverRssBytes',
      description: 'Resident memory of the target',
      of: ({ window }) => window.serverRssBytes,
    },
  ],
};
