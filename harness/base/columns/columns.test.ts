import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HarnessError } from '../errors.ts';
import { decodeColumns, encodeColumns, readColumn } from './columns.ts';

const column = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.uint32Array({ maxLength: 20 }),
  fc.uint16Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
);

test('decodeColumns() gives back what encodeColumns() was given', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), column), fc.jsonValue(), (columns, meta) => {
      const own = Object.fromEntries(Object.entries(columns).filter(([name]) => name !== '__proto__'));
      const decoded = decodeColumns(encodeColumns({ meta, columns: own }), 'test');
      expect(decoded.columns).toEqual(own);
      expect(JSON.stringify(decoded.meta)).toBe(JSON.stringify(meta));
    }),
  );
});

test('decodeColumns() reads from a buffer that is not aligned', () => {
  const bytes = encodeColumns({ meta: null, columns: { a: Float64Array.of(1.5, 2.5) } });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  for (const cut of [shifted.subarray(3), Buffer.from(shifted.buffer, 3)]) {
    expect(decodeColumns(cut, 'test').columns.a).toEqual(Float64Array.of(1.5, 2.5));
  }
});

test('decodeColumns() refuses a file cut off anywhere', () => {
  const bytes = encodeColumns({
    meta: { k: 1 },
    columns: { a: Float64Array.of(1, 2, 3), b: Uint8Array.of(1) },
  });
  // The last column's padding is not data: cutting that loses nothing.
  for (let length = 0; length < bytes.length - 7; length++) {
    expect(() => decodeColumns(bytes.subarray(0, length), 'cut.samples')).toThrow(HarnessError);
  }
});

test('readColumn() reads one column of a file, and names what is not there', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'idlerace-columns-')), 'a.samples');
  const columns = { a: Uint8Array.of(1, 2, 3), b: Float64Array.of(1.5, Number.NaN) };
  const bytes = encodeColumns({ meta: { k: 1 }, columns });
  writeFileSync(file, bytes);
  expect(readColumn(file, 'b')).toEqual(columns.b);
  expect(() => readColumn(file, 'c')).toThrow('no column "c"');
  writeFileSync(file, bytes.subarray(0, -4));
  expect(() => readColumn(file, 'b')).toThrow('ends within column "b"');
  expect(() => readColumn(`${file}.gone`, 'b')).toThrow(HarnessError);
});
