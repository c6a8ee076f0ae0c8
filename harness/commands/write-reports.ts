/** Renders a run's reports into its folder: summary first, since the others can be made from it. */
import { histogramLogs } from '../../results/histogram-logs.ts';
import { raceRows } from '../../results/race-rows.ts';
import type { RunStore } from '../../results/store.ts';
import type { RaceRow, Summary } from '../contract/summary.ts';
import { decodePlan } from '../model/plan/plan-file.ts';
import { planName } from './prepare-run.ts';

/** @returns The files written, relative to the run's folder. */
export async function writeReports(
  store: RunStore,
  summary: Summary,
  formats?: readonly string[],
): Promise<string[]> {
  store.writeSummary(summary);
  // Charts are a large library: loaded when there is something to draw, not while trials wait.
  const { reportFormats } = await import('../../reports/index.ts');
  const written = ['summary.json'];
  const races = readRaces(store);
  for (const format of reportFormats) {
    if (format.id === 'json' || (formats !== undefined && !formats.includes(format.id))) continue;
    for (const { fileName, text } of format.render({ summary, races })) {
      store.write(fileName, text);
      written.push(fileName);
    }
  }
  return written;
}

/** The histograms come from the samples, once, when a run ends. */
export function writeHistograms(store: RunStore): void {
  const trials = store.finishedTrials().map(({ id }) => store.readTrial(id));
  const plan = (scenarioId: string, round: number) => readPlan(store, scenarioId, round);
  for (const { fileName, text } of histogramLogs(trials, plan, store.readRun().startedAt)) {
    store.write(`histograms/${fileName}`, text);
  }
}

function readRaces(store: RunStore): RaceRow[] {
  return store
    .finishedTrials()
    .flatMap(({ id, scenarioId, round }) =>
      raceRows(readPlan(store, scenarioId, round), store.readTrial(id)),
    );
}

function readPlan(store: RunStore, scenarioId: string, round: number) {
  const name = planName(scenarioId, round);
  return decodePlan(store.readPlan(name), name);
}
