#!/usr/bin/env node
/**
 * How often the verdicts are wrong where the truth is known: N repetitions of an experiment in which one strategy
 * is compared with itself (every "better" or "worse" is a false alarm), with itself 5 % slower, and with
 * itself failing in 0.5 % of the requests (every other word is a miss).
 * Run it: `npm run aa -- 40 [--rounds N] [--seed N]`. Takes about 15 s for each repetition.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Arm,
  arms,
  armTrialMs,
  compareArms,
  repetitionSeed,
} from '../harness/commands/selftest/arms.ts';
import { openBench } from '../harness/commands/selftest/bench.ts';
import { type ComparedMetric, comparedMetrics, type VerdictWord } from '../harness/contract/summary.ts';
import { falseAlarmsHold, shareWords } from './aa-shares.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } },
});
const repetitions = wholeNumber('N', positionals[0] ?? '40', 10_000);
const rounds = wholeNumber('--rounds', values.rounds, 100);
const seed = wholeNumber('--seed', values.seed, Number.MAX_SAFE_INTEGER);

// The bench's processes are the program entered again.
process.argv[1] = join(import.meta.dirname, '../harness/cli.ts');
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('interrupted')));

/** Arm and metric → the words of all repetitions. */
const said = new Map<string, VerdictWord[]>();
const wordsOf = (arm: Arm, metric: ComparedMetric) => said.get(`${arm} ${metric}`) ?? [];
const leftMs = (done: number) => ((repetitions - done) * rounds * (arms.length + 1) * armTrialMs) / 1_000;

process.stderr.write(
  `${repetitions} repetitions of ${rounds} rounds, about ${Math.ceil(leftMs(0) / 60)} minutes\n`,
);
for (let repetition = 1; repetition <= repetitions && !stop.signal.aborted; repetition++) {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-aa-'));
  try {
    const bench = openBench(folder, seed, stop.signal);
    const verdicts = await compareArms(bench, { rounds, seed: repetitionSeed(seed, repetition), of: arms });
    for (const [arm, ofArm] of verdicts) {
      for (const metric of comparedMetrics) {
        said.set(`${arm} ${metric}`, [...wordsOf(arm, metric), ofArm[metric].word]);
      }
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stderr.write(
    `\r${repetition}/${repetitions}, about ${Math.ceil(leftMs(repetition) / 60)} minutes left `,
  );
}
process.stderr.write('\n');

const alarm = (word: VerdictWord) => word === 'better' || word === 'worse';
process.stdout.write('False alarms: one strategy against itself, nominal 5 % (2.5 % each way)\n');
let holds = true;
for (const metric of comparedMetrics) {
  const heard = wordsOf('same', metric).filter((word) => word !== 'no-verdict');
  const alarms = heard.filter(alarm).length;
  const fine = falseAlarmsHold(alarms, heard.length);
  holds &&= fine;
  process.stdout.write(
    `  ${metric.padEnd(20)} ${shareWords(alarms, heard.length)}${fine ? '' : '  TOO MANY'}\n`,
  );
}
process.stdout.write('Power: share of repetitions that say "worse"\n');
for (const [arm, metric, what] of [
  ['slower', 'responseTimeP50', '+5 % latency, seen in p50'],
  ['failing', 'errorRate', '0.5 % more errors, seen in the error rate'],
] as const) {
  const heard = wordsOf(arm, metric).filter((word) => word !== 'no-verdict');
  const seen = heard.filter((word) => word === 'worse').length;
  process.stdout.write(`  ${what}: ${shareWords(seen, heard.length)}\n`);
}
if (!holds) process.exitCode = 4;

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  process.stderr.write(`error: ${option} must be a whole number from 1 to ${max}; it is "${text}"\n`);
  process.exit(2);
}
