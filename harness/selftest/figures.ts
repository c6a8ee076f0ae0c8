/** Figures as the self-test's sentences and findings write them. */

/** Thousands set apart: `16,650`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Three digits: `0.042 ms`, `12.3 ms`; null: `nothing`. */
export function milliseconds(value: number | null): string {
  if (value === null) return 'nothing';
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return `${value < 0 ? '−' : ''}${size.toFixed(decimals)} ms`;
}
