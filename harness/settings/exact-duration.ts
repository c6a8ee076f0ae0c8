/** Durations in comments: as short as they can be said without losing a digit. */
import { formatDuration, parseDurationMs } from '../base/units.ts';

/** 4949 → `4.949s`; 7199949, which minutes would round, → `7199.949s`. */
export function exactDuration(ms: number): string {
  const short = formatDuration(ms);
  return parseDurationMs(short) === ms ? short : `${Number((ms / 1_000).toFixed(6))}s`;
}
