import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { HistogramLogReader, listTags } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { quantile } from '../harness/base/statistics/quantile.ts';
import { type HistogramInterval, hlogOf, recordNs } from './hlog.ts';

const startMs = Date.parse('2026-01-02T03:04:05.678Z');

function interval(second: number, valuesNs: readonly number[], tag = 'round-1'): HistogramInterval {
  return {
    startMs: startMs + second * 1000,
    endMs: startMs + (second + 1) * 1000,
    recorded: recordNs(Float64Array.from(valuesNs)),
    tag,
  };
}

/** Fields of each interval line: tag, start, length, maximum, histogram. */
function intervalLines(log: string): string[][] {
  return log
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#') && !line.startsWith('"'))
    .map((line) => line.split(','));
}

/**
 * Count of all values, decoded without the library. V2 compressed: cookie, length, zlib of (cookie,
 * payload length, index offset, digits, lowest, highest, ratio; 40 bytes), then ZigZag LEB128 numbers:
 * a count, or minus the number of empty buckets.
 */
function countOf(base64: string): number {
  const bytes = Buffer.from(base64, 'base64');
  expect(bytes.readInt32BE(0)).toBe(0x1c849314);
  expect(bytes.readInt32BE(4)).toBe(bytes.length - 8);
  const histogram = inflateSync(bytes.subarray(8));
  expect(histogram.readInt32BE(0)).toBe(0x1c849313);
  expect(histogram.readInt32BE(12)).toBe(3);
  const end = 40 + histogram.readInt32BE(4);
  let count = 0;
  for (let position = 40; position < end; ) {
    let word = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = histogram[position++];
      word |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const value = Number((word >> 1n) ^ -(word & 1n));
    if (value > 0) count += value;
  }
  return count;
}

test('hlogOf() is read back by the library, to three digits', () => {
  const values = Array.from({ length: 5000 }, (_, index) => 1e6 + index ** 2 * 37);
  const reader = new HistogramLogReader(hlogOf([interval(0, values), interval(1, [2e9])]));
  const first = reader.nextIntervalHistogram();
  const second = reader.nextIntervalHistogram();
  expect(first?.totalCount).toBe(5000);
  expect(first?.tag).toBe('round-1');
  expect(first?.startTimeStampMsec).toBeCloseTo(startMs, -1);
  expect(second?.totalCount).toBe(1);
  expect((second?.startTimeStampMsec ?? 0) - (first?.startTimeStampMsec ?? 0)).toBeCloseTo(1000, 0);
  for (const p of [0.5, 0.9, 0.99, 0.999, 1]) {
    const exact = quantile(Float64Array.from(values), p) ?? 0;
    expect((first?.getValueAtPercentile(p * 100) ?? 0) / exact).toBeCloseTo(1, 2);
  }
  expect(reader.nextIntervalHistogram()).toBeNull();
});

test('hlogOf() holds as many values as it was given, by a decoder of our own', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e13, noNaN: true }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.array(values, { maxLength: 4 }), (perInterval) => {
      const log = hlogOf(perInterval.map((valuesNs, second) => interval(second, valuesNs)));
      expect(intervalLines(log).map((fields) => countOf(fields[4]))).toEqual(
        perInterval.map((valuesNs) => valuesNs.length),
      );
    }),
    { numRuns: 30 },
  );
});

test('hlogOf() writes tag, start, length and the maximum in ms', () => {
  const [[tag, start, length, max]] = intervalLines(hlogOf([interval(2, [3e6, 12.5e6], 'round-3')]));
  expect(tag).toBe('Tag=round-3');
  expect(Number(start)).toBeCloseTo(startMs / 1000 + 2, 3);
  expect(Number(length)).toBeCloseTo(1, 3);
  expect(Number(max)).toBeCloseTo(12.5, 1);
});

test('hlogOf() says its unit and its earliest start, and has no empty line', () => {
  const log = hlogOf([interval(5, [1], 'b'), interval(0, [], 'a')]);
  const lines = log.split('\n');
  expect(lines.slice(0, 4)).toEqual([
    '#[Histogram log format version 1.3]',
    '#[Values are nanoseconds; Interval_Max is milliseconds]',
    `#[StartTime: ${(startMs / 1000).toFixed(3)} (seconds since epoch), 2026-01-02T03:04:05.678Z]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ]);
  expect(lines.slice(0, -1)).not.toContain('');
  expect(listTags(log)).toEqual(['b', 'a']);
});

test('hlogOf() of nothing is a log without intervals', () => {
  const log = hlogOf([]);
  expect(intervalLines(log)).toEqual([]);
  expect(log).not.toContain('Infinity');
});
