/**
 * The field reports that this project started from, each run for real and held against what it must show.
 *
 *     npm run field                  all of them, under 5 minutes
 *     npm run field -- 04 09         some, by the start of their names
 *
 * Exit codes: 0 every expectation holds, 4 one does not, 2 usage. A report whose programs are missing is skipped,
 * with the line that installs them.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Summary } from '../harness/contract/summary.ts';
import { booksBalance, type Expectation, type FieldReport } from './field/expectation.ts';
import { fieldReports } from './field/field-reports.ts';
import { cli, execute, readArguments, refuse } from './shared/script.ts';

/** Runs of one matrix. */
const attemptsMax = 3;
const out = mkdtempSync(join(tmpdir(), 'idlerace-field-'));
const { positionals: wanted } = readArguments({});
const chosen = fieldReports.filter(
  ({ id }) => wanted.length === 0 || wanted.some((start) => id.startsWith(start)),
);
if (chosen.length === 0) {
  const ids = fieldReports.map(({ id }) => `\n  ${id}`).join('');
  refuse(`No field report starts with "${wanted.join('" or "')}"; there are:${ids}`);
}

const startedMs = performance.now();
const results: Expectation[] = [];
let skipped = 0;
for (const report of chosen) {
  const beganMs = performance.now();
  const run = await runHealthy(report);
  const took = `${((performance.now() - beganMs) / 1_000).toFixed(0)} s`;
  if (run.kind === 'skipped') {
    skipped++;
    console.log(`${report.id}: skipped; ${run.why}`);
    continue;
  }
  const found =
    run.kind === 'failed'
      ? [{ says: 'The matrix runs.', holds: false, seen: run.why }]
      : judge(report, run.summary);
  console.log(`${report.id}, ${took}`);
  for (const { says, holds, seen } of found) console.log(`  ${holds ? 'holds' : 'FAILS'}  ${says} ${seen}.`);
  results.push(...found);
}
const failed = results.filter(({ holds }) => !holds).length;
const all = `${((performance.now() - startedMs) / 1_000).toFixed(0)} s`;
console.log(
  `\n${results.length - failed} of ${results.length} expectations hold, ${skipped} reports skipped, ${all}; runs are kept in ${out}`,
);
process.exitCode = failed > 0 ? 4 : 0;

type Run =
  | { readonly kind: 'done'; readonly summary: Summary }
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

function judge(report: FieldReport, summary: Summary): readonly Expectation[] {
  try {
    return [...report.expectations(summary), booksBalance(summary)];
  } catch (error) {
    return [{ says: 'The run can be judged.', holds: false, seen: String(error) }];
  }
}

/** A trial that the health gate leaves out says nothing, so the matrix is run again, twice at most. */
async function runHealthy(report: FieldReport): Promise<Run> {
  for (let attempt = 1; ; attempt++) {
    const run = await runMatrix(report);
    const reasons = run.kind === 'done' ? leftOut(run.summary) : [];
    if (reasons.length === 0 || attempt === attemptsMax) return run;
    console.log(`${report.id}: again, a trial was left out: ${reasons[0]}`);
  }
}

/** For the noise of the machine; a broken law is for the expectations to tell. */
function leftOut({ scenarios }: Summary): string[] {
  return scenarios
    .flatMap(({ strategies }) => strategies.flatMap(({ trials }) => trials))
    .filter(({ laws }) => laws.every(({ left, right }) => left === right))
    .flatMap(({ health }) => health.reasons);
}

async function runMatrix({ id }: FieldReport): Promise<Run> {
  const matrix = join(import.meta.dirname, '../examples/field', `${id}.yaml`);
  const folder = join(out, id);
  try {
    await execute(process.execPath, [cli, 'run', matrix, '--out', folder, '--quiet']);
  } catch (error) {
    const { stderr } = error as { stderr: string };
    const why = stderr.trim().replaceAll('\n', ' ');
    return { kind: stderr.includes('[program-missing]') ? 'skipped' : 'failed', why };
  }
  return { kind: 'done', summary: JSON.parse(readFileSync(join(folder, 'latest/summary.json'), 'utf8')) };
}
