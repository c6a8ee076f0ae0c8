/**
 * The `.hlog` files of a run: for each strategy of each scenario the response times and the service
 * times, one interval per second of each trial, readable by HdrHistogram's own tools. They hold the
 * trials that the summary counts, so that merging their intervals gives the summary's percentiles.
 */
import { nsPerSecond } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { measuredRows, measuredSeconds } from './digest-trial.ts';
import { type HistogramInterval, hlogOf } from './hlog.ts';

/** @param startedAt ISO time of the run's start; trials are placed after it on the monotonic axis. */
export function histogramLogs(
  trials: readonly TrialResult[],
  plan: (scenarioId: string, round: number) => LoadPlan,
  startedAt: string,
): { fileName: string; text: string }[] {
  const firstNs = Math.min(...trials.map(({ generator }) => generator?.startNs ?? Number.POSITIVE_INFINITY));
  const intervals = new Map<string, HistogramInterval[]>();
  for (const { generator, identity, health } of trials) {
    if (generator === null || !health.ok) continue;
    const startMs = Date.parse(startedAt) + (generator.startNs - firstNs) / 1e6;
    const roundPlan = plan(identity.scenarioId, identity.round);
    for (const kind of ['response', 'service'] as const) {
      const fileName = `${identity.scenarioId}.${identity.strategyId}.${kind}-time.hlog`;
      const own = intervals.get(fileName) ?? [];
      intervals.set(fileName, own);
      own.push(...intervalsOf(roundPlan, generator, startMs, kind, `round-${identity.round}`));
    }
  }
  return [...intervals].map(([fileName, own]) => ({ fileName, text: hlogOf(own) }));
}

function intervalsOf(
  plan: LoadPlan,
  generator: GeneratorReport,
  trialStartMs: number,
  kind: 'response' | 'service',
  tag: string,
): HistogramInterval[] {
  const { requests } = generator;
  const at = plan.loop === 'open' ? plan.intendedNs : requests.startedNs;
  const from = kind === 'response' ? at : requests.sentNs;
  const seconds = measuredSeconds(plan);
  const perSecond = Array.from({ length: seconds }, () => [] as number[]);
  for (const row of measuredRows(plan, generator)) {
    if (requests.outcome[row] !== outcomeCode.ok) continue;
    const second = Math.min(seconds - 1, Math.floor((at[row] - plan.warmupNs) / nsPerSecond));
    perSecond[second].push(requests.doneNs[row] - from[row]);
  }
  const measuredStartMs = trialStartMs + plan.warmupNs / 1e6;
  return perSecond.map((values, second) => ({
    startMs: measuredStartMs + second * 1_000,
    endMs: Math.min(trialStartMs + plan.endNs / 1e6, measuredStartMs + (second + 1) * 1_000),
    valuesNs: Float64Array.from(values),
    tag,
  }));
}
