/** The process whose memory and time are measured: it summarizes the run in the folder that its argument names. */
import { openPass, summarizeRun, writeEvidence } from '../../harness/commands/summarize-run.ts';
import { writeReports } from '../../harness/commands/write-reports.ts';
import { RunStore } from '../../results/store.ts';

const store = RunStore.open(process.argv[2]);
const begun = { atMs: performance.now(), cpu: process.cpuUsage() };
const pass = openPass(store);
const summary = summarizeRun(store, pass, { at: '2026-01-01T00:01:00.000Z', reason: 'rounds' });
writeEvidence(store, pass);
await writeReports(store, summary);
const { user, system } = process.cpuUsage(begun.cpu);
const cpuMs = (user + system) / 1_000;
const rssKib = process.resourceUsage().maxRSS;
process.stdout.write(JSON.stringify({ wallMs: performance.now() - begun.atMs, cpuMs, rssKib }));
