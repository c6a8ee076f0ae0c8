/** Storing a histogram loses nothing, and parts add up to the whole: for any values and any cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hlogOf, recordNs } from '../../results/hlog.ts';
import { decodeHlog, merged } from './decode-hlog.ts';

const stored = (parts: readonly (readonly number[])[]) =>
  decodeHlog(
    hlogOf(
      parts.map((values, second) => ({
        startMs: second * 1_000,
        endMs: (second + 1) * 1_000,
        recorded: recordNs(Float64Array.from(values)),
        tag: 'test',
      })),
    ),
  );
const percentiles = [0, 1, 25, 50, 90, 99, 99.9, 100];

/** From 1 ns to an hour, every order of magnitude alike. */
const valueNs = fc.double({ min: 0, max: 1, noNaN: true }).map((share) => Math.round(3_600e9 ** share));

test('decodeHlog() and merged(): the parts of a log, added up, are the log of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.array(valueNs, { maxLength: 60 }), { minLength: 1, maxLength: 6 }), (parts) => {
      const [whole] = stored([parts.flat()]);
      const sum = merged(stored(parts));
      expect(sum.totalCount).toBe(whole.totalCount);
      for (const p of percentiles) expect(sum.getValueAtPercentile(p)).toBe(whole.getValueAtPercentile(p));
    }),
    { numRuns: 200 },
  );
});

test('decodeHlog() gives every value back to within 0.1 %', () => {
  fc.assert(
    fc.property(fc.array(valueNs, { minLength: 1, maxLength: 60 }), (values) => {
      const [whole] = stored([values]);
      const sorted = [...values].sort((a, b) => a - b);
      expect(whole.totalCount).toBe(values.length);
      for (const [index, exact] of sorted.entries()) {
        const read = whole.getValueAtPercentile(((index + 1) / sorted.length) * 100);
        expect(Math.abs(read - exact)).toBeLessThanOrEqual(Math.max(1, exact / 1_000));
      }
    }),
    { numRuns: 200 },
  );
});
