/** `idlerace report`: renders a stored run again; summarizes it first when it was cut off before. */
import { resolve } from 'node:path';
import { reportFormats } from '../../reports/index.ts';
import { RunStore } from '../../results/store.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { printOutcome } from './print-outcome.ts';
import { summarizeRun } from './summarize-run.ts';
import { writeReports } from './write-reports.ts';

export async function reportCommand(host: Host, run: string, options: { format: string }): Promise<number> {
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
  const interrupted = store.finishedTrials().length < store.readRun().trials.length;
  const summary = store.readSummary() ?? summarizeRun(store, { finishedAt: host.now(), interrupted });
  const files = await writeReports(store, summary, formats);
  printOutcome(host, store, summary, files, { json: false, quiet: true });
  return exitCodes.fine;
}
