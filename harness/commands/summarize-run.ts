/** Reads a run's folder back and computes its summary. The folder has everything that the summary needs. */
import type { RunEnded, RunStore } from '../../results/store.ts';
import { summarize } from '../../results/summarize.ts';
import type { Summary } from '../contract/summary.ts';
import { decodePlan } from '../model/plan/plan-file.ts';
import { planName } from './prepare-run.ts';

export function summarizeRun(store: RunStore, { at, reason }: RunEnded): Summary {
  const record = store.readRun();
  return summarize({
    record,
    finishedAt: at,
    stopReason: reason,
    floor: store.readFloor(),
    plan: (scenarioId, round) => {
      const name = planName(scenarioId, round);
      return decodePlan(store.readPlan(name), name);
    },
    trials: store.finishedTrials().map(({ id }) => store.readTrial(id)),
  });
}
