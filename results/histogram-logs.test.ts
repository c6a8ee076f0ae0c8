/** Which trials a histogram log holds. */
import { expect, test } from 'vitest';
import type { TrialResult } from '../harness/contract/trial.ts';
import { planOf } from '../test/fixtures/plan.ts';
import { trialResultOf } from '../test/fixtures/trial-result.ts';
import { histogramLogs } from './histogram-logs.ts';

const plan = planOf({ intendedNs: Float64Array.of(1e6, 2e6) });

function trial(round: number, ok: boolean): TrialResult {
  const sentNs = plan.intendedNs;
  const requests = { startedNs: sentNs, sentNs, doneNs: sentNs.map((ns) => ns + 3e6) };
  return trialResultOf({
    identity: { round },
    generator: { startNs: round * 1e9, requests },
    health: { ok },
  });
}

test('histogramLogs() holds the trials that the summary counts, and no other', () => {
  const trials = [trial(1, true), trial(2, false), trial(3, true)];
  const logs = histogramLogs(trials, () => plan, '2026-01-02T03:04:05.000Z');
  expect(logs.map(({ fileName }) => fileName)).toEqual([
    'main.reuse.response-time.hlog',
    'main.reuse.service-time.hlog',
  ]);
  for (const { text } of logs) {
    expect([...text.matchAll(/^Tag=(round-\d)/gm)].map(([, tag]) => tag)).toEqual(['round-1', 'round-3']);
  }
});
