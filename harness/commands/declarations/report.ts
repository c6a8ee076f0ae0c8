/** The declaration of `idlerace report`. */
import type { ReportOptions } from '../report.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const report: CommandDeclaration<ReportOptions> = {
  name: 'report',
  summary: 'render a stored run again',
  description:
    'Renders the reports of a stored run again, into its folder. If the run stopped before its summary was ' +
    'written, the command first summarizes the finished trials.\n\n' +
    'With --again, the command summarizes the run again from its samples. Use it for runs of an older version.',
  argument: ['<run>', 'folder of a run, for example results/runs/latest'],
  options: [
    ['--again', 'compute the summary and the histograms again from the samples', false],
    [
      '--format <list>',
      'formats to write, separated by commas: html, csv, markdown, json',
      'html,csv,markdown,json',
    ],
  ],
  run: async (host, options, run) => (await import('../report.ts')).reportCommand(host, run, options),
};
