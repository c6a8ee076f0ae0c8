/** Round numbers for an axis that begins at zero. */

/**
 * 0 and up in steps of 1, 2 or 5 · 10ⁿ, about `count` of them, none above `max`.
 * @param unit What one of the shown unit is in the unit of `max`: ticks are round in the shown one.
 */
export function ticksUpTo(max: number, count: number, unit = 1): number[] {
  if (!(max > 0)) return [0];
  const rough = max / unit / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(max / unit / step + 1e-9) + 1 }, (_, tick) => tick * step * unit);
}

/** A tick in the shown unit, without trailing zeros, thousands set apart. */
export function tickText(value: number, unit: number): string {
  return `${Number((value / unit).toPrecision(6))}`.replace(/\B(?=(\d{3})+$)/g, ',');
}
