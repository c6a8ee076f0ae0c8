/** Makes tables of columns from their layouts: empty, growing, or from a column file. A new column is a line in a layout. */
import type { Column, TableLayout, TableOf } from '../../contract/columns.ts';
import { HarnessError } from '../errors.ts';
import type { ColumnFile } from './columns.ts';
import { GrowingColumn } from './growing-column.ts';

/** A table of rows in which nothing has happened: NaN for times and ages, else 0. */
export function emptyTable<Layout extends TableLayout>(layout: Layout, rows: number): TableOf<Layout> {
  // NaN is 0 in a column of whole numbers.
  return mapTable(layout, (type) => new type(rows).fill(Number.NaN));
}

/** A table whose number of rows is not known in advance. */
export class GrowingTable<Layout extends TableLayout> {
  readonly columns: { readonly [Name in keyof Layout]: GrowingColumn<Column> };
  readonly #all: readonly GrowingColumn<Column>[];
  #rows = 0;

  constructor(layout: Layout) {
    this.columns = mapTable(layout, (type) => new GrowingColumn<Column>(type));
    this.#all = Object.values(this.columns);
  }

  /** Adds a row in which nothing has happened yet, and returns its number. */
  add(): number {
    // NaN is 0 in a column of whole numbers.
    for (const column of this.#all) column.push(Number.NaN);
    return this.#rows++;
  }

  toTable(): TableOf<Layout> {
    return mapTable(this.columns, (column) => column.toArray());
  }
}

/** The columns among the values of `table`, for a column file. Each name starts with `prefix`. */
export function namedColumns(prefix: string, table: object | null | undefined): Record<string, Column> {
  const columns = Object.entries(table ?? {}).filter(([, value]) => ArrayBuffer.isView(value));
  return Object.fromEntries(columns.map(([name, column]) => [`${prefix}${name}`, column]));
}

/** @throws HarnessError `run-unreadable` when a column is missing or of another type. */
export function readTable<Layout extends TableLayout>(
  { columns }: ColumnFile,
  fileName: string,
  layout: Layout,
  prefix = '',
): TableOf<Layout> {
  return mapTable(layout, (type, name) => {
    const values = columns[`${prefix}${name}`];
    if (values instanceof type) return values;
    throw new HarnessError(
      'run-unreadable',
      `Cannot read "${fileName}": no column "${prefix}${name}" in it.`,
    );
  });
}

/** Maps each column. The caller states the type of the result, `Mapped`, which the compiler cannot derive from entries. */
export function mapTable<Table extends object, Mapped = Table>(
  table: Table,
  map: (values: Table[keyof Table], name: keyof Table & string) => unknown,
): Mapped {
  return Object.fromEntries(
    Object.entries(table).map(([name, values]) => [name, map(values, name as keyof Table & string)]),
  ) as Mapped;
}
