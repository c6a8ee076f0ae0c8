/** `races.csv`: one row per attempt that died without a whole response, warm-up included and marked. */
import type { RaceRow } from '../../harness/contract/summary.ts';
import type { CsvTable } from './csv-table.ts';

export const racesTable: CsvTable<RaceRow> = {
  fileName: 'races.csv',
  description: 'One row per failed attempt, in trial order; `isWarmup` rows count in no other figure.',
  columns: [
    { name: 'scenario', description: 'Id of the scenario', of: ({ scenario }) => scenario },
    { name: 'strategy', description: 'Label of the strategy', of: ({ strategy }) => strategy },
    { name: 'round', description: 'Round, from 1', of: ({ round }) => round },
    { name: 'isWarmup', description: '`true`: before the measured time began', of: ({ warmup }) => warmup },
    { name: 'request', description: 'Row of the load plan, the request id', of: ({ request }) => request },
    { name: 'client', description: 'Number of the simulated client', of: ({ client }) => client },
    { name: 'attempt', description: 'Attempt at this request, from 1', of: ({ attempt }) => attempt },
    { name: 'method', description: 'HTTP method', of: ({ method }) => method },
    { name: 'outcome', description: 'How the attempt ended', of: ({ outcome }) => outcome },
    {
      name: 'sign',
      description: 'What ended the connection: `fin`, `rst`, `epipe`, …',
      of: ({ sign }) => sign,
    },
    {
      name: 'isReused',
      description: '`true`: the connection had carried a request before',
      of: ({ reused }) => reused,
    },
    {
      name: 'connection',
      description: 'Number of the connection within the trial',
      of: ({ connection }) => connection,
    },
    { name: 'localPort', description: 'Port of the client’s end', of: ({ localPort }) => localPort },
    {
      name: 'idleAgeMs',
      description: 'Idle age when the request was written; empty on a fresh connection',
      of: ({ idleAgeMs }) => idleAgeMs,
    },
    {
      name: 'sentMs',
      description: 'When it was written, from the start of the trial',
      of: ({ sentMs }) => sentMs,
    },
    {
      name: 'diedAfterMs',
      description: 'From the write to the FIN, RST or error',
      of: ({ diedAfterMs }) => diedAfterMs,
    },
    {
      name: 'bytesWritten',
      description: 'Request bytes handed to the kernel',
      of: ({ bytesWritten }) => bytesWritten,
    },
    {
      name: 'bytesRead',
      description: 'Response bytes read before it failed',
      of: ({ bytesRead }) => bytesRead,
    },
    {
      name: 'executions',
      description:
        'How many times the target executed this request in all; empty where it does not record executions',
      of: ({ executions }) => executions,
    },
  ],
};
