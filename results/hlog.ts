/**
 * An HdrHistogram interval log (format 1.3, V2 compressed), as HdrHistogram's own tools read it.
 *
 * Values are ns, and the maximum column is in ms (ns / 1,000,000): that is what those tools take
 * for granted when nobody tells them otherwise. 3 significant digits, so every value is kept to
 * within 0.1 %. The library writes the lines but not the start time: its own comment line ends in an
 * empty line, at which stricter readers stop.
 */
import { build, encodeIntoCompressedBase64, HistogramLogWriter } from 'hdr-histogram-js';
import { countInBuckets } from '../harness/base/statistics/times.ts';
import { nsPerMs } from '../harness/base/units.ts';

export interface HistogramInterval {
  /** ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** The histogram and its maximum, as `recordNs()` writes them. */
  readonly recorded: string;
  /** Without comma, space or line break. */
  readonly tag: string;
}

/** One hour: far beyond any request timeout. A fixed range lets tools add intervals without resizing. */
const valueNsMax = 3_600e9;

/** The log's text; intervals in the order given, empty ones included, so that the time line has no holes. */
export function hlogOf(intervals: readonly HistogramInterval[]): string {
  const lines: string[] = [];
  const writer = new HistogramLogWriter((line) => lines.push(line));
  writer.outputLogFormatVersion();
  writer.outputComment('[Values are nanoseconds; Interval_Max is milliseconds]');
  const startMs = intervals.reduce((least, interval) => Math.min(least, interval.startMs), Infinity);
  if (intervals.length > 0) {
    const startSeconds = (startMs / 1_000).toFixed(3);
    writer.outputComment(
      `[StartTime: ${startSeconds} (seconds since epoch), ${new Date(startMs).toISOString()}]`,
    );
  }
  writer.outputLegend();
  for (const { startMs: fromMs, endMs, recorded, tag } of intervals) {
    const [from, length] = [fromMs, endMs - fromMs].map((ms) => (ms / 1_000).toFixed(3));
    lines.push(`Tag=${tag},${from},${length},${recorded}\n`);
  }
  return lines.join('');
}

/** @param valuesNs In any order; a value below 0 is recorded as 0. */
export function recordNs(valuesNs: Float64Array): string {
  const histogram = build({ highestTrackableValue: valueNsMax, numberOfSignificantValueDigits: 3 });
  const whole = valuesNs.map((ns) => Math.min(valueNsMax, Math.max(0, Math.round(ns))));
  const maxNs = whole.reduce((max, ns) => (ns > max ? ns : max), 0);
  // The buckets of whole numbers are HdrHistogram's at three digits, so all samples of one are recorded at once.
  countInBuckets(whole, (ns, count) =>
    histogram.recordValueWithCount(Math.min(maxNs, Math.floor(ns)), count),
  );
  if (maxNs > 0) histogram.recordValueWithCount(maxNs, 0);
  return `${(histogram.maxValue / nsPerMs).toFixed(3)},${encodeIntoCompressedBase64(histogram)}`;
}
