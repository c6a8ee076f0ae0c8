/**
 * Golden files of results and reports: synthetic trials, stored as a run stores them, summarized and rendered by the real
 * code. Any change of a figure, a word, or a column shows in the diff of `expected/`. Update: npx vitest run test/golden -u
 */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../harness/base/host.ts';
import { printOutcome } from '../../harness/commands/print-outcome.ts';
import { summarizeRun } from '../../harness/commands/summarize-run.ts';
import { writeHistograms, writeReports } from '../../harness/commands/write-reports.ts';
import { cliProcesses } from '../fixtures/cli-processes.ts';
import { storeSyntheticRun } from '../fixtures/stored-run.ts';

const base = `
seed: 7
warmup: 450ms
duration: 1400ms
target: { kind: embedded, idleTimeout: 500ms }
request: { method: POST, bodyBytes: 64 }
`;
const thinkTime = 'traffic: { kind: think-time, clients: 60, gap: { uniform: [200ms, 550ms] } }';

/** A sweep with every fix, the race behind a balancer, and a closed loop that ended before its verdicts were decided. */
const matrices = {
  sweep: `${base}${thinkTime}
rounds: 3
strategies: [reuse, retry, long-idle, short-lived, evict, evict+retry]
network: { rtt: 10ms }
sweep: { network.rtt: [10ms, 30ms] }`,
  balancer: `${base}${thinkTime}
rounds: 2
strategies: [reuse, evict]
network: { rtt: 0ms, upstreamRtt: 10ms }
via: { kind: nginx }`,
  closed: `${base}
traffic: { kind: closed, clients: 24 }
rounds: auto
maxRounds: 4
strategies: [reuse, short-lived]
network: { rtt: 10ms }`,
};

test.each(Object.entries(matrices))('golden run: %s', async (name, matrix) => {
  const cwd = mkdtempSync(join(tmpdir(), 'idlerace-golden-'));
  const { store, ended } = await storeSyntheticRun(cwd, name, matrix);
  const summary = summarizeRun(store, ended);
  writeHistograms(store);
  const files = await writeReports(store, summary);
  for (const columns of [80, 140]) {
    const texts: string[] = [];
    const host = hostOf(cwd, columns, (text) => texts.push(text));
    printOutcome(host, store, summary, files, { json: false, quiet: false });
    await golden(`${name}/terminal-${columns}.txt`, texts.join(''));
  }
  for (const file of files) {
    const text = readFileSync(store.path(file), 'utf8');
    if (file.endsWith('.html')) await golden(`${name}/${file}.txt`, pageText(text));
    else await golden(`${name}/${file}`, rounded(text));
  }
  await golden(`${name}/histograms.txt`, `${readdirSync(store.path('histograms')).sort().join('\n')}\n`);
});

function hostOf(cwd: string, columns: number, write: (text: string) => void): Host {
  const stdout = { isTty: false, columns, write };
  const silent = { processes: cliProcesses(), onInterrupt: () => () => {}, now: () => new Date(0) };
  return { argv: [], env: {}, cwd, stdout, stderr: stdout, ...silent };
}

async function golden(file: string, text: string): Promise<void> {
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'expected', file));
}

/** Ten significant digits: the last bits of Math.exp and its like belong to the runtime. JSON: leaves on one line. */
function rounded(text: string): string {
  const folded = text.replace(/[{[]\n[^{}[\]]*[}\]]/g, (leaf) => leaf.replace(/\n */g, ' '));
  return folded.replace(/\b\d+\.\d{7,}(?:e-?\d+)?\b/g, (number) =>
    String(Number(Number(number).toPrecision(10))),
  );
}

/** Headings and ids, then the text, one line for each block. */
function pageText(page: string): string {
  const body = page.replace(/<style>[\s\S]*?<\/style>/g, '');
  const outline = [...body.matchAll(/<h[1-6][^>]*>([\s\S]*?)<\/h[1-6]>|\bid="([^"]*)"/g)].map(
    ([, heading, id]) => (id === undefined ? `heading: ${fold(heading)}` : `id: ${id}`),
  );
  const blocks = body
    .replace(/\b(?:aria-label|title)="([^"]*)"[^>]*>/g, '><p>$1</p>')
    .split(
      /<\/?(?:p|h[1-6]|tr|li|dt|dd|div|section|summary|details|figcaption|caption|pre|text|title)\b[^>]*>/,
    );
  return `${[...outline, '', ...blocks.map(fold).filter((line) => line !== '')].join('\n')}\n`;
}

function fold(markup: string): string {
  return markup
    .replace(/<\/t[dh]>/g, ' | ')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
