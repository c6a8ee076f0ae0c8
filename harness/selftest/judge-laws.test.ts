/** The check of the laws can fail: a broken law and a histogram that loses something are found. */
import { build } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { trialResultOf } from '../../test/fixtures/trial-result.ts';
import { histogramFindings, sampledHistograms } from './histogram-properties.ts';
import { judgeLaws } from './judge-laws.ts';

const names = ['one', 'two', 'three', 'four', 'five'];

const trial = (id: string, broken: string | null = null) =>
  trialResultOf({
    identity: { id },
    generator: { deaths: { request: new Uint32Array(3) } },
    health: { laws: names.map((law) => ({ law, left: 7, right: law === broken ? 8 : 7 })) },
  });

test('laws that hold, hold', () => {
  const { status, summary, findings } = judgeLaws([trial('a'), trial('b')], [], 'histograms');
  expect(status).toBe('held');
  expect(findings).toHaveLength(6);
  expect(summary).toContain('10 of 10 equations hold over 2 trials, in which 6 attempts died');
});

test('a broken law fails and names trial and numbers', () => {
  const { status, findings } = judgeLaws([trial('a'), trial('b', 'three')], [], 'histograms');
  expect(status).toBe('failed');
  expect(findings.filter(({ held }) => !held)).toEqual([
    {
      kind: 'law',
      what: 'conservation laws: three',
      expected: 'equal in 2 trials',
      measured: 'b: 7 ≠ 8',
      held: false,
    },
  ]);
});

test('no laws at all is a failure too', () => {
  expect(judgeLaws([], [], 'histograms').status).toBe('failed');
});

test('random histograms survive storing and adding up', () => {
  expect(histogramFindings(sampledHistograms(11)).map(({ held }) => held)).toEqual([true, true, true]);
});

test.each(['whole', 'sum'] as const)('a %s that lacks one value is found', (name) => {
  const samples = sampledHistograms(2);
  const thinner = build({ highestTrackableValue: 3_600e9, numberOfSignificantValueDigits: 3 });
  for (const valueNs of samples[0].valuesNs.subarray(1)) thinner.recordValue(valueNs);
  samples[0] = { ...samples[0], [name]: thinner };
  const findings = histogramFindings(samples);
  expect(findings.every(({ held }) => held)).toBe(false);
  expect(judgeLaws([trial('a')], findings, 'histograms').status).toBe('failed');
});
