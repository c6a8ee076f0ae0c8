/**
 * How fast and how exact our own generator is, beside the others, in one run and in turns, so that a noisy
 * machine disturbs all alike: medians of the rounds, reported as ratios. `docs/performance.md` says how
 * each figure is measured and what limits it.
 * Run it: `npm run bench:engine -- [--seconds N] [--rounds N] [--json FILE]`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../harness/contract/summary.ts';
import { startBenchTarget } from './bench/bench-target.ts';
import { type Figure, figureTable, judgeFigures } from './bench/figures.ts';
import { ownEngine, ownRate } from './bench/own-engine.ts';
import { choosePins, outputOf } from './bench/programs.ts';
import { type Load, rivals } from './bench/rivals.ts';
import { readArguments, wholeNumber } from './shared/script.ts';

const { values } = readArguments({
  seconds: { type: 'string', default: '4' },
  rounds: { type: 'string', default: '3' },
  json: { type: 'string' },
});
const seconds = wholeNumber('--seconds', values.seconds, 60);
const rounds = wholeNumber('--rounds', values.rounds, 50);

const connections = 50;
const idleConnections = 8_000;
const openRates = [1_000, 10_000];

/** Name of a figure → its value in each round. */
const measured = new Map<string, number[]>();
const note = (name: string, value: number) => measured.set(name, [...(measured.get(name) ?? []), value]);

// First: the sockets that the others leave in TIME_WAIT would make the kernel's tables slow to read.
await quickstartOverhead();
const pins = choosePins();
const target = await startBenchTarget(pins);
const { url } = target;
say(`${target.name}; generator on cpu ${pins.generator ?? 'any'}, target on cpu ${pins.target ?? 'any'}`);
try {
  for (let round = 1; round <= rounds; round++) {
    for (const mode of ['keep-alive', 'short-lived'] as const) await closedLoops(round, mode);
    for (const rate of openRates) await openLoop(round, rate);
    const idle = [
      '--expose-gc',
      join(import.meta.dirname, 'bench/idle-memory.ts'),
      url,
      `${idleConnections}`,
    ];
    const bytes = Number(await outputOf(pins.generator, process.execPath, idle));
    note('idle KiB', bytes / 1_024);
    say(`round ${round}: ${(bytes / 1_024).toFixed(1)} KiB per idle connection, ${idleConnections} open`);
  }
} finally {
  await target.stop();
}
const figures = judgeFigures(measured);
process.stdout.write(`\n${figureTable(figures)}`);
if (values.json !== undefined) {
  const everything = {
    target: target.name,
    seconds,
    rounds,
    measured: Object.fromEntries(measured),
    figures,
  };
  writeFileSync(values.json, `${JSON.stringify(everything, null, 2)}\n`);
}
const missed = figures.filter(({ holds }) => holds === false).map(({ what }: Figure) => what);
if (missed.length > 0) {
  process.stderr.write(`\nnot reached: ${missed.join('; ')}\ntry: free the machine, then more --rounds\n`);
  process.exitCode = 4;
}

/** Everybody once, in turns; a ratio is taken within a round. */
async function closedLoops(round: number, mode: Load['mode']): Promise<void> {
  const strategy = mode === 'keep-alive' ? 'reuse' : 'short-lived';
  const own = await ownRate({ url, seconds, connections, strategy });
  note(`${mode} idlerace`, own);
  const words = [`idlerace ${own.toFixed(0)}`];
  for (const rival of rivals(pins)) {
    const rate = await rival.rate({ url, connections, seconds, mode });
    if (rate === null) continue;
    note(`${mode} ${rival.name}`, rate);
    note(`${mode} / ${rival.name}`, own / rate);
    words.push(`${rival.name} ${rate.toFixed(0)}`);
  }
  say(`round ${round}: ${mode}, requests/s: ${words.join(', ')}`);
}

/** The clients' requests evenly in turn. */
async function openLoop(round: number, rate: number): Promise<void> {
  const periodMs = (connections / rate) * 1_000;
  const traffic = `{ kind: heartbeat, clients: ${connections}, period: ${periodMs}ms, jitter: 0ms }`;
  const { trials, generator } = await ownEngine({ url, seconds, strategy: 'reuse', traffic });
  const { latenessMsP99 } = trials[0];
  if (latenessMsP99 === null) throw new Error('no lateness was measured');
  note(`lateness ${rate}`, latenessMsP99);
  // Not told of a trial that was too late to count.
  const share = generator.cpuShare;
  if (share !== null) note(`cpu ${rate}`, share);
  const core = share === null ? '' : `, ${(share * 100).toFixed(0)} % of a core`;
  say(`round ${round}: open loop ${rate}/s: lateness p99 ${latenessMsP99.toFixed(3)} ms${core}`);
}

/** Wall time of the quickstart that is neither warm-up nor measured, as a share. */
async function quickstartOverhead(): Promise<void> {
  say('the quickstart, for the time around its trials');
  const root = join(import.meta.dirname, '..');
  const startMs = performance.now();
  await outputOf(null, process.execPath, [
    join(root, 'dist/harness/cli.js'),
    'run',
    join(root, 'examples/quickstart.yaml'),
    '--quiet',
    '--out',
    join(root, 'results/runs'),
  ]);
  const wallMs = performance.now() - startMs;
  const summary: Summary = JSON.parse(readFileSync(join(root, 'results/runs/latest/summary.json'), 'utf8'));
  const { warmupMs, durationMs, rounds: roundsOfRun, strategies } = summary.run.config;
  const loadMs = roundsOfRun * strategies.length * (warmupMs + durationMs);
  note('overhead', 1 - loadMs / wallMs);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
