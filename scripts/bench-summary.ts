#!/usr/bin/env node
/**
 * Measures the memory and the time for a summary of 1, 10, and 100 million requests. A separate process summarizes each
 * run, and its largest resident memory counts. Time is the CPU time of all threads together, so the rate is that of one
 * core. Exits with 4 when a figure misses its bar. Run it: `npm run bench:summary [-- --requests 200M]`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figureTable, reached } from './bench/figures.ts';
import { computeTrials, linkTrials } from './bench-summary/write-samples.ts';
import { readArguments, refuse } from './shared/script.ts';

interface Measured {
  readonly requests: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssKib: number;
}

/** Millions of requests, and trials. */
const smallSizes = [1, 10];

/** @param millions The largest of the three runs. */
export async function summaryFigures(millions = 100): Promise<Figure[]> {
  const parent = mkdtempSync(join(tmpdir(), 'idlerace-bench-summary-'));
  try {
    const computed = await computeTrials(parent, Math.min(10, millions));
    const sizes = [...smallSizes.filter((size) => size < millions), millions];
    const measured = sizes.map((size) => {
      const { folder, requests } = linkTrials(parent, computed, size);
      return { requests, ...measure(folder) };
    });
    return measured.flatMap((one, index) => figuresOf(one, measured[index - 1] ?? null));
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

function measure(folder: string): Omit<Measured, 'requests'> {
  const script = join(import.meta.dirname, 'bench-summary/summarize-folder.ts');
  return JSON.parse(execFileSync(process.execPath, [script, folder], { encoding: 'utf8' }));
}

function figuresOf({ requests, cpuMs, rssKib }: Measured, smaller: Measured | null): Figure[] {
  const of = `summary of ${Math.round(requests / 1e6)} million requests`;
  const growth = smaller && ((rssKib - smaller.rssKib) * 1_024) / (requests - smaller.requests);
  // In a short run most of the time goes into code that is not compiled yet, and memory into the first two trials.
  const judged = (bar: number, aim: number) => (requests > 5e7 ? { bar, aim } : { bar: null, aim: null });
  return [
    { what: `${of}: memory`, value: rssKib / 1_024, unit: 'MiB', bar: 1_024, aim: 512 },
    {
      what: `${of}: per second of a core`,
      value: requests / 1_000 / cpuMs,
      unit: 'million',
      ...judged(2, 3),
    },
    ...(growth === null
      ? []
      : [{ what: `${of}: growth per request`, value: growth, unit: 'B', ...judged(8, 2) }]),
  ];
}

/** For example `200M`. */
function millionsOf(text: string): number {
  const [, millions] = /^(\d{1,4})M$/.exec(text) ?? [];
  return millions === undefined || Number(millions) < 1
    ? refuse(`Cannot use --requests "${text}": expected millions, for example 200M.`)
    : Number(millions);
}

if (import.meta.main) {
  const { values } = readArguments({ requests: { type: 'string', default: '100M' } });
  const figures = await summaryFigures(millionsOf(values.requests));
  process.stdout.write(figureTable(figures));
  if (figures.some((figure) => reached(figure) === false)) process.exitCode = 4;
}
