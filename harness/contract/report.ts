/**
 * A report: a pure function from what a run left behind to text. It opens no file and measures
 * nothing, so any stored run can be rendered again.
 */
import type { Summary } from './summary.ts';

export interface ReportInput {
  readonly summary: Summary;
}

export interface ReportFile {
  readonly fileName: string;
  readonly text: string;
}

export interface ReportFormat {
  /** What `--format` calls it. */
  readonly id: string;
  readonly summary: string;
  render(input: ReportInput): readonly ReportFile[];
}
