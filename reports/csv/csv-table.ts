/**
 * A CSV file as data: columns with the sentence that `docs/csv.md` prints and the value of a row.
 * Numbers are written raw and in full; null is an empty cell.
 */
import { stringify } from 'csv-stringify/sync';
import type { ReportFile } from '../../harness/contract/report.ts';
import type { Estimate } from '../../harness/contract/summary.ts';
import { withoutControls } from '../escape.ts';

type CsvValue = number | string | boolean | null;

export interface CsvColumn<Row> {
  readonly name: string;
  readonly description: string;
  of(row: Row): CsvValue;
}

export interface CsvTable<Row> {
  readonly fileName: string;
  /** What one row is. */
  readonly description: string;
  readonly columns: readonly CsvColumn<Row>[];
}

export function renderCsv<Row>(table: CsvTable<Row>, rows: readonly Row[]): ReportFile {
  const heading = textOf([table.columns.map(({ name }) => name)]);
  return { fileName: table.fileName, text: `${heading}${renderCsvRows(table, rows)}` };
}

/** The rows, without the heading. */
export function renderCsvRows<Row>({ columns }: CsvTable<Row>, rows: readonly Row[]): string {
  return textOf(rows.map((row) => columns.map((column) => csvValue(column.of(row)))));
}

function textOf(cells: readonly CsvValue[][]): string {
  return stringify([...cells], {
    // A spreadsheet must not run a name that begins like a formula.
    escape_formulas: true,
    record_delimiter: '\n',
    cast: { boolean: (value) => (value ? 'true' : 'false') },
  });
}

function csvValue(value: CsvValue): CsvValue {
  if (typeof value === 'string') return withoutControls(value);
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

/** The fields of `Fields` that fit into a cell. */
type CellField<Fields> = keyof {
  [Name in keyof Fields as Fields[Name] extends CsvValue ? Name : never]: unknown;
} &
  string;

/**
 * Makes a column for each described field, in the order of the descriptions. Cells are empty where there are no fields.
 * @param prefix Of the columns' names: `requests` and `ok` give `requestsOk`, `hop:` and `ok` give `hop:ok`.
 */
export function fieldColumns<Row, Fields>(
  of: (row: Row) => Fields | null,
  descriptions: Readonly<Partial<Record<CellField<Fields>, string>>>,
  prefix = '',
): CsvColumn<Row>[] {
  return Object.entries<string | undefined>(descriptions).map(([field, description = '']) => ({
    name: /\w$/.test(prefix) ? `${prefix}${field[0].toUpperCase()}${field.slice(1)}` : `${prefix}${field}`,
    description,
    of: (row) => (of(row)?.[field as CellField<Fields>] ?? null) as CsvValue,
  }));
}

/** The first two columns of a table that has rows of strategies. */
export const strategyColumns = fieldColumns(
  (row: { readonly scenario: string; readonly strategy: string }) => row,
  { scenario: 'Id of the scenario', strategy: 'Label of the strategy' },
);

/**
 * Three columns: the estimate, and the bounds of its interval.
 * @param confidence What the bounds hold with.
 */
export function estimateColumns<Row>(
  name: string,
  description: string,
  of: (row: Row) => Estimate | null,
  confidence = '95 %',
): CsvColumn<Row>[] {
  return [
    { name, description, of: (row) => of(row)?.estimate ?? null },
    {
      name: `${name}Low`,
      description: `Lower bound of \`${name}\`, ${confidence}`,
      of: (row) => of(row)?.low ?? null,
    },
    {
      name: `${name}High`,
      description: `Upper bound of \`${name}\`, ${confidence}`,
      of: (row) => of(row)?.high ?? null,
    },
  ];
}
