/**
 * The `.hlog` files of a run: for each strategy of each scenario the response times and the service
 * times, one interval per second of each trial, readable by HdrHistogram's own tools. They hold the
 * trials that the summary counts, so that merging their intervals gives the summary's percentiles.
 */
import { nsPerMs } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import type { CountedTrial } from './counted-trial.ts';
import { type HistogramInterval, hlogOf, recordNs } from './hlog.ts';
import type { Second } from './seconds.ts';

const kinds = ['response', 'service'] as const;

/** Of one trial, placed on the monotonic axis. */
export interface HistogramIntervals extends Record<(typeof kinds)[number], readonly HistogramInterval[]> {
  readonly trialStartMs: number;
}

/** @param startedAt ISO time of the run's start; trials are placed after it. */
export function histogramLogs(
  trials: readonly CountedTrial[],
  startedAt: string,
): { fileName: string; text: string }[] {
  const firstMs = Math.min(
    ...trials.map(({ intervals }) => intervals?.trialStartMs ?? Number.POSITIVE_INFINITY),
  );
  const laterMs = Date.parse(startedAt) - firstMs;
  const files = new Map<string, HistogramInterval[]>();
  for (const { trial, intervals } of trials) {
    if (intervals === null || !trial.health.ok) continue;
    const { scenarioId, strategyId } = trial.identity;
    for (const kind of kinds) {
      const fileName = `${scenarioId}.${strategyId}.${kind}-time.hlog`;
      const own = files.get(fileName) ?? [];
      files.set(fileName, own);
      for (const one of intervals[kind]) {
        own.push({ ...one, startMs: one.startMs + laterMs, endMs: one.endMs + laterMs });
      }
    }
  }
  return [...files].map(([fileName, own]) => ({ fileName, text: hlogOf(own) }));
}

export function intervalsOf(
  plan: LoadPlan,
  { requests, startNs }: GeneratorReport,
  tag: string,
  seconds: readonly Second[],
): HistogramIntervals {
  const { outcome, doneNs, sentNs, startedNs } = requests;
  const since = (from: Float64Array) =>
    seconds.map(({ rows, fromNs, toNs }) => {
      const timesNs = new Float64Array(rows.length);
      let count = 0;
      for (const row of rows) if (outcome[row] === outcomeCode.ok) timesNs[count++] = doneNs[row] - from[row];
      const recorded = recordNs(timesNs.subarray(0, count));
      return { startMs: (startNs + fromNs) / nsPerMs, endMs: (startNs + toNs) / nsPerMs, recorded, tag };
    });
  const response = since(plan.loop === 'open' ? plan.intendedNs : startedNs);
  return { trialStartMs: startNs / nsPerMs, response, service: since(sentNs) };
}
