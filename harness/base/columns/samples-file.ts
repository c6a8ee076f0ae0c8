/**
 * Reads and writes a trial's samples as a column file, which a generator in any language can write.
 *
 * Column names are `requests.`, `deaths.` and `connections.` followed by the names in
 * `contract/samples.ts`; everything else is in `meta`. `docs/files.md` documents the format.
 */
import { type GeneratorReport, samplesLayout } from '../../contract/samples.ts';
import { decodeColumns, encodeColumns } from './columns.ts';
import { namedColumns, readTable } from './tables.ts';

type Meta = Omit<GeneratorReport, keyof typeof samplesLayout>;

export function encodeSamples({ requests, deaths, connections, ...meta }: GeneratorReport): Uint8Array {
  const columns = {
    ...namedColumns('requests.', requests),
    ...namedColumns('deaths.', deaths),
    ...namedColumns('connections.', connections),
  };
  return encodeColumns({ meta, columns });
}

/** @throws HarnessError `run-unreadable` when the file is cut off or a column is missing or of another type. */
export function decodeSamples(bytes: Uint8Array, name: string): GeneratorReport {
  const file = decodeColumns(bytes, name);
  return {
    ...(file.meta as Meta),
    requests: readTable(file, name, samplesLayout.requests, 'requests.'),
    deaths: readTable(file, name, samplesLayout.deaths, 'deaths.'),
    connections: readTable(file, name, samplesLayout.connections, 'connections.'),
  };
}
