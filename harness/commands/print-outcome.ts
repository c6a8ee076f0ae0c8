/** What a finished run puts on stdout: the comparison, and last the paths written. */
import { relative } from 'node:path';
import { renderTerminal } from '../../reports/terminal.ts';
import type { RunStore } from '../../results/store.ts';
import type { Host } from '../base/host.ts';
import type { Summary } from '../contract/summary.ts';

export function printOutcome(
  host: Host,
  store: RunStore,
  summary: Summary,
  files: readonly string[],
  { json, quiet }: { json: boolean; quiet: boolean },
): void {
  if (json) {
    host.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  if (!quiet) {
    const noColor = host.env.NO_COLOR;
    const color = host.stdout.isTty && (noColor === undefined || noColor === '');
    host.stdout.write(renderTerminal(summary, { columns: host.stdout.columns, color }));
    host.stdout.write('\n');
  }
  const folder = relative(host.cwd, store.folder);
  for (const file of files) host.stdout.write(`${folder}/${file}\n`);
}
