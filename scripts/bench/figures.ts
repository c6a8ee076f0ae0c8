/** The table of the engine benchmark: what each figure must reach, what it aims for, what it came to. */

export interface Figure {
  readonly what: string;
  /** Median of the rounds; null: not measured, because a rival is not installed. */
  readonly median: number | null;
  readonly must: number;
  readonly aim: number;
  readonly unit: string;
  /** null: not measured. */
  readonly holds: boolean | null;
}

interface Bar {
  readonly what: string;
  /** Name under which the rounds were noted. */
  readonly of: string;
  readonly must: number;
  readonly aim: number;
  readonly unit: string;
  readonly lessIsBetter: boolean;
}

const bars: readonly Bar[] = [
  more('keep-alive closed loop, 50 connections, over autocannon', 'keep-alive / autocannon', 1.2, 1.5),
  more('the same over wrk', 'keep-alive / wrk', 0.6, 0.8),
  more('short-lived over autocannon', 'short-lived / autocannon', 1.2, 1.5),
  more('the same over wrk', 'short-lived / wrk', 0.45, 0.6),
  less('open loop 1,000/s: lateness p99', 'lateness 1000', 0.25, 0.1, 'ms'),
  less('open loop 10,000/s: lateness p99', 'lateness 10000', 1, 0.3, 'ms'),
  less('open loop 1,000/s: share of one core', 'cpu 1000', 0.6, 0.3, ''),
  less('memory per idle connection, 8,000 open', 'idle KiB', 6, 4, 'KiB'),
  less('time around the trials in the quickstart', 'overhead', 0.15, 0.08, ''),
];

function more(what: string, of: string, must: number, aim: number): Bar {
  return { what, of, must, aim, unit: '×', lessIsBetter: false };
}

function less(what: string, of: string, must: number, aim: number, unit: string): Bar {
  return { what, of, must, aim, unit, lessIsBetter: true };
}

export function judgeFigures(measured: ReadonlyMap<string, readonly number[]>): Figure[] {
  return bars.map(({ what, of, must, aim, unit, lessIsBetter }) => {
    const rounds = measured.get(of);
    const middle = rounds === undefined ? null : median(rounds);
    const holds = middle === null ? null : lessIsBetter ? middle <= must : middle >= must;
    return { what, median: middle, must, aim, unit, holds };
  });
}

export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, median: middle, must, aim, unit, holds }) => [
    what,
    middle === null ? 'not installed' : show(middle, unit),
    show(must, unit),
    show(aim, unit),
    holds === null ? '-' : holds ? 'reached' : 'MISSED',
  ]);
  const table = [['figure', 'median', 'must reach', 'aim for', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function show(value: number, unit: string): string {
  if (unit === '') return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
  const digits = value < 1 ? 3 : value < 10 ? 2 : 0;
  return `${Number(value.toFixed(digits))} ${unit}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
