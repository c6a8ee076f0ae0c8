/**
 * The column file: named typed arrays and a little JSON, in one buffer.
 *
 * Load plans, samples, ledgers and wire logs are all stored this way, so that a driver in any
 * language can read and write them (`docs/files.md`). Layout: the 8 bytes `IDLECOL1`; the header's
 * length as uint32, little-endian; the header, JSON in UTF-8: `{meta, columns: [{name, type,
 * length, offset}]}`; the columns, little-endian, each at `offset` bytes from the file's start and
 * aligned to 8.
 */
import type { Column } from '../../contract/columns.ts';
import { HarnessError } from '../errors.ts';

const magic = 'IDLECOL1';
const columnTypes = { f64: Float64Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const;
type ColumnType = keyof typeof columnTypes;

export interface ColumnFile {
  readonly meta: unknown;
  readonly columns: Readonly<Record<string, Column>>;
}

export function encodeColumns(file: ColumnFile): Uint8Array {
  const names = Object.keys(file.columns);
  const describe = (dataStart: number) => {
    let offset = dataStart;
    return names.map((name) => {
      const column = file.columns[name];
      const entry = { name, type: columnType(column), length: column.length, offset };
      offset += align(column.byteLength);
      return entry;
    });
  };
  // The header's length depends on the offsets in it; room for ten digits each settles that.
  const sketch = JSON.stringify({ meta: file.meta, columns: describe(0) });
  const dataStart = align(12 + Buffer.byteLength(sketch) + 10 * names.length);
  const entries = describe(dataStart);
  const header = Buffer.from(JSON.stringify({ meta: file.meta, columns: entries }));
  const last = entries.at(-1);
  const size = last === undefined ? dataStart : last.offset + align(file.columns[last.name].byteLength);
  const bytes = new Uint8Array(size);
  bytes.set(Buffer.from(magic, 'latin1'), 0);
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(header, 12);
  for (const entry of entries) {
    const column = file.columns[entry.name];
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), entry.offset);
  }
  return bytes;
}

/** @throws HarnessError `run-unreadable` when the bytes are not a complete column file. */
export function decodeColumns(bytes: Uint8Array, name: string): ColumnFile {
  const broken = (why: string) => new HarnessError('run-unreadable', `Cannot read "${name}": ${why}.`);
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic) {
    throw broken('it does not start as a column file does');
  }
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  if (12 + headerLength > bytes.length) throw broken('it ends within its header');
  const header: {
    meta: unknown;
    columns: { name: string; type: ColumnType; length: number; offset: number }[];
  } = JSON.parse(Buffer.from(bytes.subarray(12, 12 + headerLength)).toString('utf8'));
  const columns: Record<string, Column> = {};
  for (const { name: columnName, type, length, offset } of header.columns) {
    const make = columnTypes[type];
    const byteLength = length * make.BYTES_PER_ELEMENT;
    if (offset + byteLength > bytes.length) throw broken(`it ends within column "${columnName}"`);
    // A copy, so that the alignment of `bytes` does not matter. Not slice(): a Buffer's is a view.
    columns[columnName] = new make(new Uint8Array(bytes.subarray(offset, offset + byteLength)).buffer);
  }
  return { meta: header.meta, columns };
}

function columnType(column: Column): ColumnType {
  if (column instanceof Float64Array) return 'f64';
  if (column instanceof Uint32Array) return 'u32';
  if (column instanceof Uint16Array) return 'u16';
  return 'u8';
}

function align(length: number): number {
  return (length + 7) & ~7;
}
