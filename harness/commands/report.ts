/** `idlerace report`: renders a stored run again. Summarizes it first when it has no summary yet, or with `--again`. */
import { resolve } from 'node:path';
import { reportFormats } from '../../reports/index.ts';
import { type RunEnded, RunStore } from '../../results/store.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { printOutcome } from './print-outcome.ts';
import { openPass, summarizeRun, writeEvidence } from './summarize-run.ts';
import { writeReports } from './write-reports.ts';

export interface ReportOptions {
  readonly format: string;
  readonly again: boolean;
}

export async function reportCommand(host: Host, run: string, options: ReportOptions): Promise<number> {
  const formats = options.format.split(',').map((name) => name.trim());
  const known = reportFormats.map(({ id }) => id);
  const unknown = formats.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new HarnessError(
      'usage',
      `There is no report format "${unknown}"; there are: ${known.join(', ')}.`,
    );
  }
  const store = RunStore.open(resolve(host.cwd, run));
  let summary = options.again ? null : store.readSummary();
  const isMissing = formats.includes('csv') && !store.has('races.csv');
  if (summary === null || isMissing) {
    const pass = openPass(store);
    try {
      summary ??= summarizeRun(store, pass, endOf(store, host.now()));
      writeEvidence(store, pass);
    } finally {
      store.discard('races.csv');
    }
  }
  const files = await writeReports(store, summary, formats);
  printOutcome(host, store, summary, files, { json: false, quiet: true });
  return exitCodes.fine;
}

/** As the run recorded it. Otherwise it was cut off, or it was stored before ends were recorded. */
function endOf(store: RunStore, now: Date): RunEnded {
  const { ended, trials, config } = store.readRun();
  if (ended !== null) return ended;
  const isDone = config.until === null && store.finishedTrials().length === trials.length;
  return { at: store.summaryFinishedAt() ?? now.toISOString(), reason: isDone ? 'rounds' : 'interrupted' };
}
