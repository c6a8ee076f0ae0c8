/**
 * The comparison table for a terminal of a given width: columns lose their interval, then go, least
 * important first, until a row fits. The strategy and its error rate are never given up.
 */
import { type ColumnId, type ComparisonColumn, type ComparisonTable, cellText } from './comparison-table.ts';
import { escapeTerminal } from './escape.ts';
import { notAvailable } from './format.ts';
import { padded, shortened, widthOf } from './wrap-text.ts';

const gap = 2;
const nameWidthMin = 11;

type Form = 'full' | 'short';

/** What is given up first stands first. */
const sacrifices: readonly (readonly [ColumnId, Form | 'drop'])[] = [
  ['ghost', 'drop'],
  ['rss', 'drop'],
  ['raced', 'short'],
  ['opened', 'short'],
  ['p50', 'short'],
  ['raced', 'drop'],
  ['cpu', 'short'],
  ['p99', 'short'],
  ['lost', 'drop'],
  ['twice', 'drop'],
  ['p50', 'drop'],
  ['opened', 'drop'],
  ['predicted', 'drop'],
  ['errors', 'short'],
  ['cpu', 'drop'],
  ['p99', 'drop'],
];

interface LaidColumn {
  readonly id: ColumnId;
  readonly heading: readonly string[];
  readonly cells: readonly string[];
  readonly width: number;
}

/** Lines of the table: two of heading, one per strategy; none wider than `columns`. */
export function terminalTable(table: ComparisonTable, columns: number): string[] {
  const names = table.strategies.map(({ label }) => escapeTerminal(label));
  const nameWidth = Math.max(nameWidthMin, ...names.map(widthOf));
  const forms = new Map<ColumnId, Form>(table.columns.map(({ id }) => [id, 'full']));
  let laid = lay(table.columns, forms);
  for (const [id, change] of sacrifices) {
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
  return [
    row('strategy', ({ heading }) => heading[0]),
    row('', ({ heading }) => heading[1]),
    ...names.map((name, index) => row(name, ({ cells }) => cells[index])),
  ].map((line) => shortened(line, columns));
}

function lay(columns: readonly ComparisonColumn[], forms: ReadonlyMap<ColumnId, Form>): LaidColumn[] {
  return columns.flatMap(({ id, heading, unit, cells }) => {
    const form = forms.get(id);
    if (form === undefined) return [];
    const texts = alignedCells(cells.map((cell) => (form === 'full' ? cellText(cell) : cell.text)));
    const headings = [heading, unit];
    return [
      { id, heading: headings, cells: texts, width: Math.max(...[...headings, ...texts].map(widthOf)) },
    ];
  });
}

/** Estimates flush right among themselves, intervals beside them. */
function alignedCells(texts: readonly string[]): string[] {
  const split = texts.map((text) => {
    const short = text === notAvailable ? 'n/a' : text;
    const at = short.indexOf(' (');
    return at < 0
      ? { estimate: short, interval: '' }
      : { estimate: short.slice(0, at), interval: short.slice(at) };
  });
  const width = Math.max(...split.map(({ interval }) => widthOf(interval)));
  return split.map(({ estimate, interval }) => estimate + padded(interval, width, 'right'));
}

function widthOfAll(columns: readonly LaidColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width + gap, 0);
}
