/** Reads a run's folder back and computes its summary: everything it needs lies there. */

import type { RunStore } from '../../results/store.ts';
import { summarize } from '../../results/summarize.ts';
import type { Summary } from '../contract/summary.ts';
import { decodePlan } from '../plan/plan-file.ts';
import { planName } from './prepare-run.ts';

export function summarizeRun(
  store: RunStore,
  { finishedAt, interrupted }: { finishedAt: Date; interrupted: boolean },
): Summary {
  const record = store.readRun();
  return summarize({
    record,
    finishedAt: finishedAt.toISOString(),
    interrupted,
    floor: store.readFloor(),
    plan: (scenarioId, round) => {
      const name = planName(scenarioId, round);
      return decodePlan(store.readPlan(name), name);
    },
    trials: store.finishedTrials().map(({ id }) => store.readTrial(id)),
  });
}
