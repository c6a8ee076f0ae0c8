/** Converts units of time, and durations as users write them: `500ms`, `1.5s`, `2m`, `1h`, and `0`. */

export const nsPerMs = 1e6;
export const nsPerSecond = 1e9;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds; null when the text is not a duration. Never negative. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(text.trim());
  if (match === null) return text.trim() === '0' ? 0 : null;
  const unit = match[2];
  if (unit !== 'ms' && unit !== 's' && unit !== 'm' && unit !== 'h') return null;
  return Number(match[1]) * unitMs[unit];
}

/** The shortest way to write it: 2600 → `2.6s`, 500 → `500ms`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0ms';
  if (ms < 1_000) return `${trim(ms)}ms`;
  if (ms < 120_000) return `${trim(ms / 1_000)}s`;
  return ms < 7_200_000 ? `${trim(ms / 60_000)}m` : `${trim(ms / 3_600_000)}h`;
}

function trim(value: number): string {
  return `${Number(value.toFixed(3))}`;
}
