/**
 * What a stored histogram is trusted for, on random samples: read back it is what was recorded, its
 * parts add up to the whole, and its percentiles are the exact ones to three digits.
 */
import { build, type Histogram } from 'hdr-histogram-js';
import { hlogOf, recordNs } from '../../results/hlog.ts';
import { prng } from '../base/prng.ts';
import { quantile } from '../base/statistics/quantile.ts';
import type { Finding } from './check.ts';
import { decodeHlog, merged } from './decode-hlog.ts';
import { count } from './figures.ts';

export interface SampledHistograms {
  /** Whole ns, ascending. */
  readonly valuesNs: Float64Array;
  /** Recorded by the library, never stored. */
  readonly recorded: Histogram;
  /** All values stored in one interval, read back. */
  readonly whole: Histogram;
  /** Stored in several intervals, read back and added up. */
  readonly sum: Histogram;
}

const samplesWanted = 20;
/** From 100 ns to an hour, which is the range of the logs. */
const [leastNs, mostNs] = [100, 3_600e9];

export function sampledHistograms(seed: number): SampledHistograms[] {
  return Array.from({ length: samplesWanted }, (_, index) => sampled(seed, index));
}

export function histogramFindings(samples: readonly SampledHistograms[]): Finding[] {
  const all = (what: string, holds: (sample: SampledHistograms) => boolean): Finding => {
    const good = samples.filter(holds).length;
    return {
      what,
      expected: `${count(samples.length)} of ${count(samples.length)}`,
      measured: count(good),
      held: good === samples.length,
    };
  };
  return [
    all('histograms that are the same after storing and reading', ({ recorded, whole }) =>
      areSame(recorded, whole),
    ),
    all('histograms whose parts, added up, are the whole', ({ whole, sum }) => areSame(whole, sum)),
    all('histograms whose percentiles are the exact ones within 0.1 %', (sample) =>
      percentiles.every((p) => isClose(sample.whole, sample.valuesNs, p)),
    ),
  ];
}

function sampled(seed: number, index: number): SampledHistograms {
  const random = prng(seed, 'selftest-histogram', index);
  const parts = Array.from({ length: 2 + Math.floor(4 * random()) }, () =>
    // Uniform in the logarithm: every bucket size occurs. An empty part is a second without answers.
    Float64Array.from({ length: Math.floor(400 * random()) }, () =>
      Math.round(leastNs * (mostNs / leastNs) ** random()),
    ),
  );
  const valuesNs = Float64Array.from(parts.flatMap((part) => [...part])).sort();
  const stored = (values: readonly Float64Array[]) =>
    decodeHlog(
      hlogOf(
        values.map((own, second) => ({
          startMs: second * 1_000,
          endMs: (second + 1) * 1_000,
          recorded: recordNs(own),
          tag: 'selftest',
        })),
      ),
    );
  const [whole] = stored([valuesNs]);
  const recorded = build({
    highestTrackableValue: mostNs,
    numberOfSignificantValueDigits: 3,
  });
  for (const valueNs of valuesNs) recorded.recordValue(valueNs);
  return { valuesNs, recorded, whole, sum: merged(stored(parts)) };
}

const percentiles = Array.from({ length: 41 }, (_, step) => step / 40);

function areSame(one: Histogram, other: Histogram): boolean {
  return (
    one.totalCount === other.totalCount &&
    one.mean === other.mean &&
    percentiles.every((p) => one.getValueAtPercentile(p * 100) === other.getValueAtPercentile(p * 100))
  );
}

function isClose(histogram: Histogram, valuesNs: Float64Array, p: number): boolean {
  const exact = quantile(valuesNs, p);
  if (exact === null) return histogram.totalCount === 0;
  return Math.abs(histogram.getValueAtPercentile(p * 100) - exact) <= Math.max(1, exact / 1_000);
}
