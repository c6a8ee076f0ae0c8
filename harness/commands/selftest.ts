/**
 * `idlerace selftest`: known truths put through the whole harness, on the user's machine, in a minute.
 * Exits 0 only when everything held.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowNs, nsPerMs } from '../base/clock.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { nearest } from '../base/nearest.ts';
import { packageVersion } from '../base/version.ts';
import { checkProgress } from '../ui/check-progress.ts';
import { wholeNumberOption } from './options.ts';
import { openBench } from './selftest/bench.ts';
import type { Check } from './selftest/check.ts';
import { checks } from './selftest/checks.ts';
import { conclusion, renderConclusion, renderResult } from './selftest/render-results.ts';
import { type CheckOutcome, runChecks, TimeOver } from './selftest/run-checks.ts';

export interface SelftestOptions {
  readonly json: boolean;
  readonly only?: string;
  readonly seed: string;
  readonly quiet: boolean;
}

const timeMsMax = 60_000;

class Interrupted extends Error {}

export async function selftestCommand(host: Host, options: SelftestOptions): Promise<number> {
  const seed = wholeNumberOption('--seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
  const chosen = options.only === undefined ? checks : chosenChecks(options.only);
  const startedAt = host.now();
  const stop = new AbortController();
  const stopListening = host.onInterrupt(() => stop.abort(new Interrupted()));
  const timeOver = new TimeOver(`the self-test's time of ${timeMsMax / 1_000} s was over`);
  const timer = setTimeout(() => stop.abort(timeOver), timeMsMax);
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-selftest-'));
  try {
    const outcomes = await conduct(host, options, chosen, folder, seed, stop.signal);
    const statuses = outcomes.map(({ status }) => status);
    if (options.json) writeJson(host, { startedAt, seed, outcomes });
    else host.stdout.write(renderConclusion(statuses, checks.length, styleOf(host)));
    return statuses.every((status) => status === 'held') ? exitCodes.fine : exitCodes.expectationNotMet;
  } catch (error) {
    if (error instanceof Interrupted) return exitCodes.interrupted;
    throw error;
  } finally {
    clearTimeout(timer);
    stopListening();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function conduct(
  host: Host,
  { json, quiet }: SelftestOptions,
  chosen: readonly Check[],
  folder: string,
  seed: number,
  signal: AbortSignal,
): Promise<CheckOutcome[]> {
  const nowMs = () => nowNs() / nsPerMs;
  const stderr = quiet || json ? { ...host.stderr, isTty: false } : host.stderr;
  const progress = checkProgress(stderr, chosen, nowMs);
  const outcomes: CheckOutcome[] = [];
  try {
    const clock = { nowMs, endsMs: nowMs() + timeMsMax, onStart: progress.start };
    for await (const outcome of runChecks(chosen, openBench(folder, seed, signal), signal, clock)) {
      progress.clear();
      outcomes.push(outcome);
      if (!json && !(quiet && outcome.status === 'held')) {
        host.stdout.write(renderResult(outcome, outcome, styleOf(host)));
      }
    }
  } finally {
    progress.clear();
  }
  return outcomes;
}

function chosenChecks(only: string): readonly Check[] {
  const ids = only.split(',').map((id) => id.trim());
  const known = checks.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const meant = nearest(id, known);
    const guess = meant === null ? '' : ` Did you mean "${meant}"?`;
    throw new HarnessError('usage', `There is no check "${id}"; there are: ${known.join(', ')}.${guess}`, {
      hint: `idlerace selftest --only ${meant ?? known.slice(-2).join(',')}`,
    });
  }
  return checks.filter(({ id }) => ids.includes(id));
}

function styleOf({ stdout, env }: Host) {
  const color = stdout.isTty && (env.NO_COLOR === undefined || env.NO_COLOR === '');
  return { columns: stdout.columns, color };
}

/** The one document of `--json`; `status` is that of the worst check. */
function writeJson(
  host: Host,
  { startedAt, seed, outcomes }: { startedAt: Date; seed: number; outcomes: readonly CheckOutcome[] },
): void {
  const statuses = outcomes.map(({ status }) => status);
  const worst = statuses.includes('failed') ? 'failed' : statuses.includes('refused') ? 'refused' : 'held';
  const document = {
    schemaVersion: 1,
    version: packageVersion(),
    startedAt: startedAt.toISOString(),
    seed,
    status: worst,
    conclusion: conclusion(statuses, checks.length),
    checks: outcomes,
  };
  host.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
