/**
 * From a run's folder to its summary and to what else its samples show: `races.csv` and the histograms. One pass over the
 * trials yields all of it.
 */
import { renderCsv, renderCsvRows } from '../../reports/csv/csv-table.ts';
import { racesTable } from '../../reports/csv/races-table.ts';
import { histogramLogs } from '../../results/histogram-logs.ts';
import { raceRows } from '../../results/race-rows.ts';
import { RunPass } from '../../results/run-pass.ts';
import type { RunEnded, RunStore } from '../../results/store.ts';
import { summarize } from '../../results/summarize.ts';
import type { Summary } from '../contract/summary.ts';

/** `races.csv` is written while the pass reads trials: it has a row for each failed attempt, so it is not kept in memory. */
export function openPass(store: RunStore): RunPass {
  const { fileName } = racesTable;
  store.begin(fileName, renderCsv(racesTable, []).text);
  return new RunPass(store, store.readRun().config, (plan, trial) =>
    store.append(fileName, renderCsvRows(racesTable, raceRows(plan, trial))),
  );
}

export function summarizeRun(store: RunStore, pass: RunPass, { at, reason }: RunEnded): Summary {
  return summarize({
    record: store.readRun(),
    finishedAt: at,
    stopReason: reason,
    floor: store.readFloor(),
    trials: pass.count(store.finishedTrials()),
    replayed: pass.replayed,
  });
}

/** When no trial will be added. */
export function writeEvidence(store: RunStore, pass: RunPass): void {
  const trials = pass.count(store.finishedTrials());
  for (const { fileName, text } of histogramLogs(trials, store.readRun().startedAt)) {
    store.write(`histograms/${fileName}`, text);
  }
  store.complete(racesTable.fileName);
}
