/**
 * The figures that every benchmark of the project returns, and the table that prints them. A benchmark is a function that
 * resolves with figures; `scripts/bench.ts` lists them, so a new one is a row there.
 */

export interface Figure {
  readonly what: string;
  /** null: not measured, for example because a program is not installed. */
  readonly value: number | null;
  /** Printed after the number; `%`: the value is a share of 1. */
  readonly unit: string;
  /** The value that the figure must reach; null: for information only, because it depends on the machine. */
  readonly bar: number | null;
  /** A value better than the bar, so it also shows which direction is better. */
  readonly aim: number | null;
}

export function ratio(what: string, value: number | null, bar: number, aim: number): Figure {
  return { what, value, unit: '×', bar, aim };
}

/** null: there is no bar or no value. */
export function reached({ value, bar, aim }: Figure): boolean | null {
  if (value === null || bar === null) return null;
  return aim !== null && aim > bar ? value >= bar : value <= bar;
}

export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, value, unit, bar, aim } = figure;
    const holds = reached(figure);
    return [
      what,
      value === null ? 'not measured' : show(value, unit),
      bar === null ? '-' : show(bar, unit),
      aim === null ? '-' : show(aim, unit),
      holds === null ? '-' : holds ? 'reached' : 'MISSED',
    ];
  });
  const table = [['figure', 'value', 'bar', 'aim', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])));
  return table.map((row) => `${line(row).join('  ').trimEnd()}\n`).join('');
}

function show(value: number, unit: string): string {
  if (unit === '%') return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
  const digits = value < 1 ? 3 : value < 10 ? 2 : 0;
  return `${Number(value.toFixed(digits))} ${unit}`;
}
