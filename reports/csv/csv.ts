/**
 * The CSV files of a run that are made from its summary; `races.csv` is made from the samples. Their columns are documented in
 * `docs/csv.md`, which a test compares with them.
 */
import type { ReportFormat } from '../../harness/contract/report.ts';
import { renderCsv } from './csv-table.ts';
import { summaryRows, summaryTable } from './summary-table.ts';
import { trialRows, trialsTable } from './trials-table.ts';
import { windowRows, windowsTable } from './windows-table.ts';

export const csv: ReportFormat = {
  id: 'csv',
  summary: 'summary.csv, trials.csv, windows.csv (per second) and races.csv (per failed attempt)',
  render({ summary }) {
    const axes = [...new Set(summary.scenarios.flatMap((scenario) => Object.keys(scenario.axes)))];
    return [
      renderCsv(summaryTable(axes), summaryRows(summary)),
      renderCsv(trialsTable, trialRows(summary)),
      renderCsv(windowsTable, windowRows(summary)),
    ];
  },
};
