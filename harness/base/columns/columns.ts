/**
 * The column file: named typed arrays and a little JSON, in one buffer.
 *
 * Load plans, samples, ledgers and wire logs are all stored this way, so that a driver in any
 * language can read and write them (`docs/files.md`). Layout: the 8 bytes `IDLECOL1`; the header's
 * length as uint32, little-endian; the header, JSON in UTF-8: `{meta, columns: [{name, type,
 * length, offset}]}`; the columns, little-endian, each at `offset` bytes from the file's start and
 * aligned to 8.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Column } from '../../contract/columns.ts';
import { HarnessError, reasonOf } from '../errors.ts';

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

/**
 * Aligned columns are views of `bytes`, as in a file that was read whole. Other columns are copies.
 *
 * @throws HarnessError `run-unreadable` when the bytes are not a complete column file.
 */
export function decodeColumns(bytes: Uint8Array, name: string): ColumnFile {
  const { meta, columns: entries } = decodeHeader(bytes, name);
  const columns: Record<string, Column> = {};
  for (const { name: columnName, type, length, offset } of entries) {
    const make = columnTypes[type];
    const end = offset + length * make.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw broken(name, `it ends within column "${columnName}"`);
    const start = bytes.byteOffset + offset;
    columns[columnName] =
      start % make.BYTES_PER_ELEMENT === 0
        ? new make(bytes.buffer as ArrayBuffer, start, length)
        : // Not slice(): a Buffer's is a view.
          new make(new Uint8Array(bytes.subarray(offset, end)).buffer);
  }
  return { meta, columns };
}

/** The bytes at the start of a file that contain its header. */
const headerBytesMax = 2 ** 16;

/** Reads one column of a file, without the rest of it. @throws HarnessError `run-unreadable` if it is missing. */
export function readColumn(path: string, columnName: string): Column {
  const file = opened(path);
  try {
    const start = new Uint8Array(headerBytesMax);
    const { columns } = decodeHeader(start.subarray(0, readSync(file, start)), path);
    const entry = columns.find(({ name }) => name === columnName);
    if (entry === undefined) throw broken(path, `no column "${columnName}" in it`);
    const column = new columnTypes[entry.type](entry.length);
    const read = readSync(file, column, 0, column.byteLength, entry.offset);
    if (read < column.byteLength) throw broken(path, `it ends within column "${columnName}"`);
    return column;
  } finally {
    closeSync(file);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw broken(path, reasonOf(error));
  }
}

/** The position of a column in the file. */
interface Header {
  readonly meta: unknown;
  readonly columns: readonly { name: string; type: ColumnType; length: number; offset: number }[];
}

/** @param bytes The beginning of the file, or all of it. */
function decodeHeader(bytes: Uint8Array, name: string): Header {
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic) {
    throw broken(name, 'it does not start as a column file does');
  }
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  if (12 + headerLength > bytes.length) throw broken(name, 'it ends within its header');
  return JSON.parse(Buffer.from(bytes.subarray(12, 12 + headerLength)).toString('utf8'));
}

function broken(name: string, why: string): HarnessError {
  return new HarnessError('run-unreadable', `Cannot read "${name}": ${why}.`);
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
