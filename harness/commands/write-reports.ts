/** Renders a run's reports into its folder: summary first, since the others can be made from it. */
import type { RunStore } from '../../results/store.ts';
import type { Summary } from '../contract/summary.ts';

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
  for (const format of reportFormats) {
    if (format.id === 'json' || (formats !== undefined && !formats.includes(format.id))) continue;
    for (const { fileName, text } of format.render({ summary })) {
      store.write(fileName, text);
      written.push(fileName);
    }
    if (format.id === 'csv') written.push('races.csv');
  }
  return written;
}
