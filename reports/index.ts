/** Every report format, in the order in which `--help` names them. The terminal's is `terminal.ts`. */
import type { ReportFormat } from '../harness/contract/report.ts';
import { csv } from './csv/csv.ts';
import { htmlReport } from './html/html.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';

export const reportFormats: readonly ReportFormat[] = [csv, markdown, json, htmlReport];
