/**
 * A trial's samples as a column file: what a generator leaves behind, in any language.
 *
 * Column names are `requests.`, `deaths.` and `connections.` followed by the names in
 * `contract/samples.ts`; everything else is in `meta`. `docs/files.md` documents the format.
 */
import type {
  ConnectionColumns,
  DeathColumns,
  GeneratorReport,
  RequestColumns,
} from '../../contract/samples.ts';
import { HarnessError } from '../errors.ts';
import { type Column, decodeColumns, encodeColumns } from './columns.ts';

/** Every column, by table and name. */
export const samplesLayout = {
  requests: {
    startedNs: Float64Array,
    sentNs: Float64Array,
    lastSentNs: Float64Array,
    doneNs: Float64Array,
    outcome: Uint8Array,
    attempts: Uint8Array,
    status: Uint16Array,
    connection: Uint32Array,
    reused: Uint8Array,
    idleAgeNs: Float64Array,
  },
  deaths: {
    request: Uint32Array,
    attempt: Uint8Array,
    outcome: Uint8Array,
    sign: Uint8Array,
    connection: Uint32Array,
    reused: Uint8Array,
    idleAgeNs: Float64Array,
    sentNs: Float64Array,
    diedNs: Float64Array,
    bytesWritten: Uint32Array,
    bytesRead: Uint32Array,
  },
  connections: {
    client: Uint32Array,
    localPort: Uint16Array,
    openedNs: Float64Array,
    connectedNs: Float64Array,
    closedNs: Float64Array,
    requests: Uint32Array,
    cause: Uint8Array,
  },
} as const;

export function encodeSamples(report: GeneratorReport): Uint8Array {
  const { requests, deaths, connections, ...meta } = report;
  const columns: Record<string, Column> = {};
  for (const [group, values] of Object.entries({ requests, deaths, connections })) {
    for (const [name, column] of Object.entries(values)) columns[`${group}.${name}`] = column;
  }
  return encodeColumns({ meta, columns });
}

/** @throws HarnessError `run-unreadable` when the file is cut off or a column is missing or of another type. */
export function decodeSamples(bytes: Uint8Array, name: string): GeneratorReport {
  const file = decodeColumns(bytes, name);
  const group = (of: keyof typeof samplesLayout) =>
    Object.fromEntries(
      Object.entries(samplesLayout[of]).map(([column, type]) => {
        const values = file.columns[`${of}.${column}`];
        if (!(values instanceof type)) {
          throw new HarnessError(
            'run-unreadable',
            `Cannot read "${name}": no column "${of}.${column}" in it.`,
          );
        }
        return [column, values];
      }),
    );
  return {
    ...(file.meta as Pick<GeneratorReport, 'startNs' | 'counters' | 'cpuShare' | 'eventLoopDelayMsP99'>),
    requests: group('requests') as unknown as RequestColumns,
    deaths: group('deaths') as unknown as DeathColumns,
    connections: group('connections') as unknown as ConnectionColumns,
  };
}
