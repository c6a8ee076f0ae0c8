/**
 * The comparison table for a terminal of a given width: columns lose their interval and then
 * are dropped, least important first, until a row fits. The strategy and its error rate always stay, and so does the share
 * that raced wherever it differs from the errors.
 */

import { padded, shortened, widthOf } from '../harness/base/wrap-text.ts';
import type { ColumnId, ComparisonCell, ComparisonColumn, ComparisonTable } from './comparison-table.ts';
import { escapeTerminal } from './escape.ts';
import { notAvailable } from './format.ts';

const gap = 2;
const nameWidthMin = 11;

type Form = 'full' | 'short';

type Sacrifice = readonly [ColumnId, Form | 'drop'];

/** In the order in which they are given up. */
const sacrifices: readonly Sacrifice[] = [
  ['ghost', 'drop'],
  ['rss', 'drop'],
  ['raced', 'short'],
  ['opened', 'short'],
  ['p50', 'short'],
  ['success', 'short'],
  ['cpu', 'short'],
  ['answered', 'short'],
  ['p99', 'short'],
  ['lost', 'drop'],
  ['success', 'drop'],
  ['twice', 'drop'],
  ['requests', 'drop'],
  ['p50', 'drop'],
  ['opened', 'drop'],
  ['predicted', 'drop'],
  ['errors', 'short'],
  ['cpu', 'drop'],
  ['answered', 'drop'],
  ['p99', 'drop'],
];

interface LaidColumn {
  readonly id: ColumnId;
  readonly heading: readonly string[];
  readonly cells: readonly string[];
  readonly width: number;
}

/** Lines of the table: up to three of heading, one per strategy; none wider than `columns`. */
export function terminalTable(
  table: ComparisonTable,
  columns: number,
): { heading: string[]; rows: string[] } {
  const names = table.strategies.map(({ label }) => escapeTerminal(label));
  const nameWidth = Math.max(nameWidthMin, ...names.map(widthOf));
  const shown = table.columns.filter(({ id }) => id !== 'answered' || table.isClosedLoop);
  const forms = new Map<ColumnId, Form>(shown.map(({ id }) => [id, 'full']));
  let laid = lay(table.columns, forms);
  for (const [id, change] of [...redundant(table.columns), ...sacrifices]) {
    if (nameWidthMin + widthOfAll(laid) <= columns) break;
    if (change === 'drop') forms.delete(id);
    else if (forms.has(id)) forms.set(id, change);
    laid = lay(table.columns, forms);
  }
  const width = Math.max(4, Math.min(nameWidth, columns - widthOfAll(laid)));
  const row = (name: string, cell: (column: LaidColumn) => string) =>
    (
      padded(shortened(name, width), width, 'right') +
      laid.map((column) => padded(cell(column), column.width + gap, 'left')).join('')
    ).trimEnd();
  const height = Math.max(0, ...laid.map(({ heading }) => heading.length));
  const headingLine = (line: number) =>
    row(
      line === height - 2 ? 'strategy' : '',
      ({ heading }) => heading[line - height + heading.length] ?? '',
    );
  const heading = Array.from({ length: height }, (_, line) => shortened(headingLine(line), columns));
  const rows = names.map((name, index) =>
    shortened(
      row(name, ({ cells }) => cells[index]),
      columns,
    ),
  );
  return { heading, rows };
}

/** The `raced` column adds nothing where it equals the errors of every strategy. */
function redundant(columns: readonly ComparisonColumn[]): Sacrifice[] {
  const textsOf = (wanted: ColumnId) =>
    columns.filter(({ id }) => id === wanted).flatMap(({ cells }) => cells.map(({ text }) => text));
  return textsOf('errors').join('|') === textsOf('raced').join('|') ? [['raced', 'drop']] : [];
}

function lay(columns: readonly ComparisonColumn[], forms: ReadonlyMap<ColumnId, Form>): LaidColumn[] {
  return columns.flatMap(({ id, heading, unit, cells }) => {
    const form = forms.get(id);
    if (form === undefined) return [];
    const texts = alignedCells(cells, form);
    const headings = [...headingLines(heading), unit];
    return [
      { id, heading: headings, cells: texts, width: Math.max(...[...headings, ...texts].map(widthOf)) },
    ];
  });
}

/** A heading of several words takes two lines, broken where the longer one is shortest: `p99 to` and `success`. */
function headingLines(heading: string): string[] {
  const words = heading.split(' ');
  const breaks = words.slice(1).map((_, at) => [words.slice(0, at + 1), words.slice(at + 1)]);
  const [narrowest = [words]] = breaks
    .map((lines) => ({ lines, width: Math.max(...lines.map((line) => line.join(' ').length)) }))
    .sort((a, b) => a.width - b.width)
    .map(({ lines }) => lines);
  return narrowest.map((line) => line.join(' '));
}

/** Estimates flush right among themselves, intervals beside them. */
function alignedCells(cells: readonly ComparisonCell[], form: Form): string[] {
  const split = cells.map(({ text, full }) => ({
    estimate: text === notAvailable ? 'n/a' : text,
    interval: form === 'full' ? full.slice(text.length) : '',
  }));
  const width = Math.max(...split.map(({ interval }) => widthOf(interval)));
  return split.map(({ estimate, interval }) => estimate + padded(interval, width, 'right'));
}

function widthOfAll(columns: readonly LaidColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width + gap, 0);
}
