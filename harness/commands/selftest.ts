/**
 * `idlerace selftest`: known truths put through the whole harness, on the user's machine, in a minute and a half.
 * Exits 0 only when everything held.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { nearest } from '../base/nearest.ts';
import { nowNs } from '../base/time/clock.ts';
import { nsPerMs } from '../base/units.ts';
import { packageVersion } from '../base/version.ts';
import { findClient } from '../client/index.ts';
import { type Bench, openBench } from '../selftest/bench.ts';
import type { Check } from '../selftest/check.ts';
import { checks } from '../selftest/checks.ts';
import { conclusion, renderConclusion, renderResult } from '../selftest/render-results.ts';
import { type CheckOutcome, runChecks, TimeOver } from '../selftest/run-checks.ts';
import { checkProgress } from '../ui/check-progress.ts';
import { wholeNumberOption } from './options.ts';

export interface SelftestOptions {
  readonly json: boolean;
  readonly only?: string;
  /** Id, or path of a driver. */
  readonly client?: string;
  readonly seed: string;
  readonly quiet: boolean;
}

const timeMsMax = 90_000;

class Interrupted extends Error {}

export async function selftestCommand(host: Host, options: SelftestOptions): Promise<number> {
  const seed = wholeNumberOption('--seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
  const known =
    options.client === undefined ? checks : checks.filter(({ id }) => checksOfClients.includes(id));
  const chosen = options.only === undefined ? known : chosenChecks(options.only, known);
  const clientKind = await preparedClient(host, options.client);
  const startedAt = host.now();
  const stop = new AbortController();
  const stopListening = host.onInterrupt(() => stop.abort(new Interrupted()));
  const timeOver = new TimeOver(`the self-test's time of ${timeMsMax / 1_000} s was over`);
  const timer = setTimeout(() => stop.abort(timeOver), timeMsMax);
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-selftest-'));
  try {
    const bench = openBench({ processes: host.processes, folder, seed, signal: stop.signal, clientKind });
    const outcomes = await conduct(host, options, chosen, bench, stop.signal);
    const statuses = outcomes.map(({ status }) => status);
    if (options.json) writeJson(host, { startedAt, seed, clientKind, outcomes, known: known.length });
    else host.stdout.write(renderConclusion(statuses, known.length, styleOf(host)));
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
  bench: Bench,
  signal: AbortSignal,
): Promise<CheckOutcome[]> {
  const nowMs = () => nowNs() / nsPerMs;
  const stderr = quiet || json ? { ...host.stderr, isTty: false } : host.stderr;
  const progress = checkProgress(stderr, chosen, nowMs);
  const outcomes: CheckOutcome[] = [];
  try {
    const clock = { nowMs, endsMs: nowMs() + timeMsMax, onStart: progress.start };
    for await (const outcome of runChecks(chosen, bench, signal, clock)) {
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

/** Those that hold a client to the contract. The others hold the harness to what it can do with its own client. */
const checksOfClients: readonly string[] = ['faults', 'laws'];

/** Found and built, before the time of the checks runs. */
async function preparedClient({ cwd }: Host, client: string | undefined): Promise<string> {
  if (client === undefined) return 'lean';
  const kind = findClient(client.includes('/') ? resolve(cwd, client) : client);
  if ('command' in kind) await kind.command();
  return kind.id;
}

function chosenChecks(only: string, from: readonly Check[]): readonly Check[] {
  const ids = only.split(',').map((id) => id.trim());
  const known = from.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const meant = nearest(id, known);
    const guess = meant === null ? '' : ` Did you mean "${meant}"?`;
    throw new HarnessError('usage', `There is no check "${id}"; there are: ${known.join(', ')}.${guess}`, {
      hint: `idlerace selftest --only ${meant ?? known.slice(-2).join(',')}`,
    });
  }
  return from.filter(({ id }) => ids.includes(id));
}

function styleOf({ stdout, env }: Host) {
  const color = stdout.isTty && (env.NO_COLOR === undefined || env.NO_COLOR === '');
  return { columns: stdout.columns, color };
}

/** The one document of `--json`; `status` is that of the worst check. */
function writeJson(
  host: Host,
  {
    startedAt,
    seed,
    clientKind,
    outcomes,
    known,
  }: {
    startedAt: Date;
    seed: number;
    clientKind: string;
    outcomes: readonly CheckOutcome[];
    /** Checks that could have run. */
    known: number;
  },
): void {
  const statuses = outcomes.map(({ status }) => status);
  const worst = statuses.includes('failed') ? 'failed' : statuses.includes('refused') ? 'refused' : 'held';
  const document = {
    schemaVersion: 1,
    version: packageVersion(),
    startedAt: startedAt.toISOString(),
    seed,
    client: clientKind,
    status: worst,
    conclusion: conclusion(statuses, known),
    checks: outcomes,
  };
  host.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
