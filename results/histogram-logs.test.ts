/** Which trials a histogram log holds. */
import { expect, test } from 'vitest';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import type { CountedTrial } from './counted-trial.ts';
import { histogramLogs, intervalsOf } from './histogram-logs.ts';
import { secondsOf } from './seconds.ts';

const plan = {
  loop: 'open',
  warmupNs: 0,
  endNs: 1e9,
  intendedNs: Float64Array.of(1e6, 2e6),
} as LoadPlan;

function trial(round: number, ok: boolean): CountedTrial {
  const sentNs = plan.intendedNs;
  const outcome = Uint8Array.of(outcomeCode.ok, outcomeCode.ok);
  const requests = { startedNs: sentNs, sentNs, doneNs: sentNs.map((ns) => ns + 3e6), outcome };
  const generator = { startNs: round * 1e9, requests } as unknown as GeneratorReport;
  return {
    trial: { identity: { scenarioId: 'main', strategyId: 'reuse', round }, health: { ok } },
    intervals: intervalsOf(
      plan,
      generator,
      `round-${round}`,
      secondsOf(plan, generator.requests, Uint32Array.of(0, 1)),
    ),
  } as CountedTrial;
}

test('histogramLogs() holds the trials that the summary counts, and no other', () => {
  const trials = [trial(1, true), trial(2, false), trial(3, true)];
  const logs = histogramLogs(trials, '2026-01-02T03:04:05.000Z');
  expect(logs.map(({ fileName }) => fileName)).toEqual([
    'main.reuse.response-time.hlog',
    'main.reuse.service-time.hlog',
  ]);
  for (const { text } of logs) {
    expect([...text.matchAll(/^Tag=(round-\d)/gm)].map(([, tag]) => tag)).toEqual(['round-1', 'round-3']);
  }
});
