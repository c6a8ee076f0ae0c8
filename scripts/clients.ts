/**
 * What each client kind does by itself, measured: the table of docs/clients.md. Every client runs with its own
 * settings, as its authors chose them, against the embedded target.
 *
 *     npm run clients                 all that are installed
 *     npm run clients -- lean go      some
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarnessError } from '../harness/base/errors.ts';
import { Processes } from '../harness/base/processes/processes.ts';
import { clientKinds, findClient } from '../harness/client/index.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import { type Bench, type BenchTrial, openBench } from '../harness/selftest/bench.ts';
import {
  hintPlan,
  hintSeconds,
  orderPlan,
  orderServiceMs,
  poolOrder,
  type RaceAccount,
  raceAccount,
  raceIdleTimeoutMs,
  racePlan,
  reusedSeconds,
} from './clients/experiments.ts';
import { cli, readArguments } from './shared/script.ts';

const { positionals: wanted } = readArguments({});
const kinds = wanted.length === 0 ? clientKinds : wanted.map(findClient);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('interrupted')));
const folder = mkdtempSync(join(tmpdir(), 'idlerace-clients-'));
const rows: string[][] = [];
try {
  const bench = openBench({ processes: new Processes(cli), folder, seed: 1, signal: stop.signal });
  for (const kind of kinds) {
    process.stderr.write(`${kind.id} …\n`);
    try {
      if ('command' in kind) await kind.command();
      rows.push([`\`${kind.id}\``, ...(await measure(bench, kind.id))]);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      process.stderr.write(`${kind.id}: skipped; ${error.message} Try: ${error.hint}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const head = ['client', 'POST race', 'GET race', 'hint honoured', 'own retry', 'pool order'];
for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);

async function measure(bench: Bench, clientKind: string): Promise<string[]> {
  const race = { target: { idleTimeoutMs: raceIdleTimeoutMs }, rttMs: 10 };
  const trial = (id: string, more: Omit<BenchTrial, 'id'>): BenchTrial => ({
    id: `${clientKind}.${id}`,
    clientKind,
    settings: 'own',
    ...more,
  });
  const idleTimeoutMs = hintSeconds * 1_000;
  const results = await bench.runAll([
    trial('post', { ...race, plan: racePlan('POST') }),
    trial('get', { ...race, plan: racePlan('GET') }),
    trial('hint', { plan: hintPlan(), target: { idleTimeoutMs, advertise: 'idle-timeout' } }),
    trial('order', { plan: orderPlan(), target: { serviceMs: { kind: 'fixed', value: orderServiceMs } } }),
  ]);
  const [post, get, hint, order] = results.map(({ generator, health }) => {
    const broken = health.laws.find(({ left, right }) => left !== right);
    if (generator === null || broken !== undefined) {
      throw new Error(`${clientKind}: ${broken === undefined ? 'a trial was cut short' : broken.law}`);
    }
    return generator;
  });
  const accounts = { POST: raceAccount(post), GET: raceAccount(get) };
  return [
    raceWords(accounts.POST),
    raceWords(accounts.GET),
    hintWords(hint),
    retryWords(accounts),
    poolOrder(order),
  ];
}

function raceWords({ requests, failed, sentAgain }: RaceAccount): string {
  const again = sentAgain === 0 ? '' : `, ${sentAgain} sent again`;
  return `${failed} of ${requests} fail${again}`;
}

function hintWords(report: GeneratorReport): string {
  const { reused, of } = reusedSeconds(report);
  return reused === 0 ? 'yes' : reused === of ? 'no' : `in part: ${reused} of ${of} reused`;
}

function retryWords(accounts: Readonly<Record<string, RaceAccount>>): string {
  const methods = Object.entries(accounts).filter(([, { sentAgain }]) => sentAgain > 0);
  return methods.length === 0 ? 'none' : methods.map(([method]) => method).join(', ');
}
