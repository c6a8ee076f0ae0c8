/** A histogram log read back as HdrHistogram's own tools read it: its intervals, and all of them added up. */
import { build, type Histogram, HistogramLogReader } from 'hdr-histogram-js';

/** @returns The intervals in the log's order. */
export function decodeHlog(text: string): Histogram[] {
  const reader = new HistogramLogReader(text);
  const intervals: Histogram[] = [];
  for (;;) {
    const interval = reader.nextIntervalHistogram();
    if (interval === null || interval === undefined) return intervals;
    intervals.push(interval);
  }
}

/** @param histograms At least one, all of one range, to three digits. */
export function merged(histograms: readonly Histogram[]): Histogram {
  const [{ highestTrackableValue }] = histograms;
  const sum = build({ highestTrackableValue, numberOfSignificantValueDigits: 3 });
  for (const histogram of histograms) sum.add(histogram);
  return sum;
}
