/**
 * How often the verdicts are wrong where the truth is known: N repetitions of an experiment in which one strategy
 * is compared with itself under three names (every word of a difference is wrong), with itself 5 % slower, and with
 * itself failing in 0.5 % of the requests (every other word is a miss). Also: whether order within a round matters.
 * Run it: `npm run aa -- 40 [--rounds N] [--seed N]`. Takes about 20 s for each repetition.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Processes } from '../harness/base/processes/processes.ts';
import { median } from '../harness/base/statistics/quantile.ts';
import { type ComparedMetric, comparedMetrics } from '../harness/contract/summary.ts';
import {
  arms,
  armTrialMs,
  compareArms,
  repetitionSeed,
  runArms,
  type Verdicts,
} from '../harness/selftest/arms.ts';
import { openBench } from '../harness/selftest/bench.ts';
import { type CountedTrial, isHealthy } from '../results/counted-trial.ts';
import { familyError } from '../results/look-at.ts';
import { orderEffect, type PlacedFigure } from './aa-order.ts';
import { falseAlarmsHold, isFalseAlarm, shareWords } from './aa-shares.ts';
import { cli, readArguments, wholeNumber } from './shared/script.ts';

const { values, positionals } = readArguments({
  rounds: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
});
const repetitions = wholeNumber('N', positionals[0] ?? '40', 10_000);
const rounds = wholeNumber('--rounds', values.rounds, 100);
const seed = wholeNumber('--seed', values.seed, Number.MAX_SAFE_INTEGER);

const processes = new Processes(cli);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('interrupted')));

/** Label → its verdicts, one entry for each repetition. */
const compared: ReadonlyMap<string, Verdicts>[] = [];
const compareSame: ReadonlyMap<string, Verdicts>[] = [];
const placed: Record<'p50' | 'CPU', PlacedFigure[]> = { p50: [], CPU: [] };
const leftS = (done: number) => ((repetitions - done) * rounds * (arms.length + 1) * armTrialMs) / 1_000;

process.stderr.write(
  `${repetitions} repetitions of ${rounds} rounds, about ${Math.ceil(leftS(0) / 60)} minutes\n`,
);
for (let repetition = 1; repetition <= repetitions && !stop.signal.aborted; repetition++) {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-aa-'));
  try {
    const bench = openBench({ processes, folder, seed, signal: stop.signal });
    const trials = await runArms(bench, { rounds, seed: repetitionSeed(seed, repetition), of: arms });
    const isSame = (label: string) => label !== 'slower' && label !== 'failing';
    compared.push(compareArms(trials, familyError));
    compareSame.push(compareArms(new Map([...trials].filter(([label]) => isSame(label))), familyError));
    place(trials, repetition);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stderr.write(
    `\r${repetition}/${repetitions}, about ${Math.ceil(leftS(repetition) / 60)} minutes left `,
  );
}
process.stderr.write('\n');

console.log('One strategy under three names: repetitions with any word of a difference, nominal 5 %');
const alarms = compareSame.filter((of) => falseWords(of).length > 0).length;
const holds = falseAlarmsHold(alarms, compareSame.length);
console.log(`  any figure            ${shareWords(alarms, compareSame.length)}${holds ? '' : '  TOO MANY'}`);
for (const metric of comparedMetrics) {
  const isAvailable = (verdicts: Verdicts) => verdicts[metric].word !== 'not-available';
  if (!compareSame.some((of) => [...of.values()].some(isAvailable))) continue;
  const count = compareSame.filter((of) => falseWords(of).includes(metric)).length;
  console.log(`  ${metric.padEnd(20)}  ${shareWords(count, compareSame.length)}`);
}
console.log('Power: share of repetitions that say "worse" or "slightly worse"');
for (const [arm, metric, what] of [
  ['slower', 'responseTimeP50', '+5 % latency, seen in p50'],
  ['failing', 'errorRate', '0.5 % more errors, seen in the error rate'],
] as const) {
  const words = compared.map((of) => of.get(arm)?.[metric].word).filter((word) => word !== 'no-verdict');
  const seen = words.filter((word) => word === 'worse' || word === 'slightly-worse').length;
  console.log(`  ${what}: ${shareWords(seen, words.length)}`);
}
console.log(
  'Order within a round (permutation test within rounds; a balanced order cancels it in comparisons)',
);
for (const [figure, of] of Object.entries(placed)) {
  const { lastOverFirst, positionP, predecessorP } = orderEffect(of, seed);
  const size = lastOverFirst === null ? '–' : `${((Math.exp(lastOverFirst) - 1) * 100).toFixed(1)} %`;
  console.log(
    `  ${figure}: last over first ${size} (p ${positionP.toFixed(3)}); by predecessor p ${predecessorP.toFixed(3)}`,
  );
}
if (!holds) process.exitCode = 4;

/** Figures in which a copy of the reference differs from it. */
function falseWords(of: ReadonlyMap<string, Verdicts>): ComparedMetric[] {
  return comparedMetrics.filter((metric) =>
    [...of.values()].some((verdicts) => isFalseAlarm(verdicts[metric].word)),
  );
}

/** Healthy trials in the order in which they ran. */
function place(trials: ReadonlyMap<string, readonly CountedTrial[]>, repetition: number): void {
  const inOrder = [...trials.values()]
    .flat()
    .toSorted(
      ({ trial: { identity: a } }, { trial: { identity: b } }) => a.round - b.round || a.order - b.order,
    );
  const nameOf = (counted: CountedTrial | undefined) =>
    [...trials].find(([, of]) => counted !== undefined && of.includes(counted))?.[0] ?? null;
  for (const [index, counted] of inOrder.entries()) {
    if (!isHealthy(counted)) continue;
    const { round, order: position } = counted.trial.identity;
    const at = {
      block: `${repetition}.${round}`,
      strategy: nameOf(counted) ?? '',
      position,
      predecessor: nameOf(inOrder[index - 1]),
    };
    const { responseMs, ok } = counted.digest;
    const p50 = median(responseMs);
    const { cpuMs } = counted.cost;
    if (p50 > 0) placed.p50.push({ ...at, log: Math.log(p50) });
    if (cpuMs !== null && cpuMs > 0 && ok > 0) placed.CPU.push({ ...at, log: Math.log(cpuMs / ok) });
  }
}
