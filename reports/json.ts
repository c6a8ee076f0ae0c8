/** `summary.json` as it is: for programs. */
import type { ReportFormat } from '../harness/contract/report.ts';

export const json: ReportFormat = {
  id: 'json',
  summary: 'summary.json, the one document that every other report is made from',
  render: ({ summary }) => [{ fileName: 'summary.json', text: `${JSON.stringify(summary, null, 2)}\n` }],
};
