/** `idlerace report`, declared. */
import type { ReportOptions } from '../report.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const report: CommandDeclaration<ReportOptions> = {
  name: 'report',
  summary: 'render a stored run again',
  description:
    'Renders the reports of a stored run again, into its folder. A run that was cut off before its summary ' +
    'was written is summarized first, from the trials that finished.\n\n' +
    'With --again the run is summarized again from its samples. Use it for runs of an older version.',
  argument: ['<run>', 'folder of a run, for example results/runs/latest'],
  options: [
    ['--again', 'compute the summary and the histograms again from the samples', false],
    ['--format <list>', 'html, csv, markdown, json; several with commas', 'html,csv,markdown,json'],
  ],
  run: async (host, options, run) => (await import('../report.ts')).reportCommand(host, run, options),
};
