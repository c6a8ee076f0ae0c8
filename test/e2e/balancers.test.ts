/**
 * Real balancers before a target that commits faults: what their books say of each request must be what happened
 * to it, exactly, and every conservation law must hold over both hops.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BalancerConfig, BalancerReport } from '../../harness/contract/balancer.ts';
import { type FaultKind, faultCode } from '../../harness/contract/fault.ts';
import { outcomes } from '../../harness/contract/outcome.ts';
import { referencePolicy } from '../../harness/contract/policy.ts';
import type { TrialResult } from '../../harness/contract/trial.ts';
import { runTrials } from '../../harness/engine/run-trial.ts';
import { encodePlan } from '../../harness/model/plan/plan-file.ts';
import { partsOf } from '../../harness/parts.ts';
import { planOf } from '../../harness/selftest/bench.ts';
import { plainTarget } from '../../harness/target/plain-target.ts';
import { cliProcesses } from '../fixtures/cli-processes.ts';
import { identityOf } from '../fixtures/trial-result.ts';
import { trialSetupOf } from '../fixtures/trial-setup.ts';
import { isInstalled } from './installed.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idlerace-balancers-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The answer never begins, whole or at all. */
const headless: readonly FaultKind[] = [
  'fin-unexecuted',
  'fin-executed',
  'rst-unexecuted',
  'rst-executed',
  'half-close',
  'close-in-head',
];
const brokenBody: readonly FaultKind[] = ['close-in-body', 'close-in-chunk'];
/** The client gives up: last, because one client sends one after the other. */
const silent: readonly FaultKind[] = ['malformed-status', 'black-hole'];
const kinds: readonly FaultKind[] = [...headless, ...brokenBody, 'status-500', ...silent];
/** Each is sent after this many plain requests, so that every connection has been used before. */
const plainBefore = 3;
const rowOf = (kind: FaultKind) => (kinds.indexOf(kind) + 1) * plainBefore;
const rowCount = kinds.length * plainBefore + 4;
const requestTimeoutMs = 2_000;

async function trialBehind(via: BalancerConfig, upstreamRttMs: number): Promise<TrialResult> {
  const timesOut = (row: number) => silent.some((kind) => rowOf(kind) < row);
  const timedOutBefore = (row: number) => silent.filter((kind) => rowOf(kind) < row).length;
  const atMs = (row: number) =>
    row * 20 + (timesOut(row) ? timedOutBefore(row) * (requestTimeoutMs + 200) : 0);
  const requests = Array.from({ length: rowCount }, (_, row) => ({ atMs: atMs(row), client: 0 }));
  const plan = planOf(requests, { endMs: atMs(rowCount) });
  const faults = new Uint8Array(rowCount);
  for (const kind of kinds) faults[rowOf(kind)] = faultCode[kind];
  const policy = referencePolicy(plainTarget.idleTimeoutMs);
  const setup = trialSetupOf(folder, plan, {
    identity: identityOf({ policy, planFingerprint: plan.fingerprint }),
    faults,
    via,
    upstreamRttMs,
    limits: { connectionsPerClientMax: 1, connectTimeoutMs: requestTimeoutMs, requestTimeoutMs },
  });
  writeFileSync(setup.planFile, encodePlan(plan));
  for await (const result of runTrials([setup], partsOf(cliProcesses(), null), new AbortController().signal))
    return result;
  throw new Error('No trial');
}

/** Only what is not 0. */
function booksOf(row: number, { generator, balancer }: TrialResult): Record<string, unknown> {
  if (generator === null || balancer === null) throw new Error('No books');
  const counts = Object.entries<Uint8Array>({ ...balancer }).map(([name, column]) => [name, column[row]]);
  const { outcome, status } = generator.requests;
  return {
    outcome: outcomes[outcome[row]],
    ...(status[row] === 0 ? {} : { status: status[row] }),
    ...Object.fromEntries(counts.filter(([, count]) => count !== 0)),
  };
}

type Books = { outcome: string; status?: number } & Partial<Record<keyof BalancerReport, number>>;

const once = { upstreamAttempts: 1 };
const died = { upstreamAttempts: 1, upstreamDeaths: 1 };
const answered: Books = { outcome: 'ok', status: 200, answers: 1, ...once };
const ownAnswer: Books = { outcome: 'status', status: 502, answers: 1, ownAnswers: 1, ...died };
const savedByRetry: Books = {
  outcome: 'ok',
  status: 200,
  answers: 1,
  upstreamAttempts: 2,
  upstreamDeaths: 1,
  upstreamRetries: 1,
};
const closedSilently: Books = { outcome: 'idle-race', silentCloses: 1, ...died };
const brokenOff: Books = { outcome: 'eof', ...died };
const givenUp: Books = { outcome: 'timeout', ...died };

const nginx: BalancerConfig = {
  kind: 'nginx',
  clientIdleTimeoutMs: 75_000,
  upstreamIdleTimeoutMs: 60_000,
  upstreamConnectionsMax: 512,
  upstreamRequestsMax: 1_000_000,
  nextUpstream: ['error', 'timeout'],
};
const haproxy: BalancerConfig = {
  kind: 'haproxy',
  clientIdleTimeoutMs: 75_000,
  httpReuse: 'safe',
  retryOn: ['conn-failure'],
  retriesMax: 3,
  upstreamConnectionsMax: 512,
  poolPurgeDelayMs: 5_000,
};

interface Case {
  readonly name: string;
  readonly via: BalancerConfig;
  readonly headless: Books;
  /** An answer that is not HTTP/1.1. */
  readonly malformed: Books;
  readonly upstreamRttMs: number;
}

const cases: readonly Case[] = [
  { name: 'as it ships', via: nginx, headless: ownAnswer, malformed: givenUp, upstreamRttMs: 0 },
  {
    name: 'that may send a POST again',
    via: { ...nginx, nextUpstream: ['error', 'timeout', 'non_idempotent'] },
    headless: savedByRetry,
    malformed: givenUp,
    upstreamRttMs: 4,
  },
  { name: 'as it ships', via: haproxy, headless: closedSilently, malformed: ownAnswer, upstreamRttMs: 0 },
  {
    name: 'that retries an empty response',
    via: { ...haproxy, retryOn: ['conn-failure', 'empty-response', 'response-timeout'] },
    headless: savedByRetry,
    malformed: ownAnswer,
    upstreamRttMs: 4,
  },
];

describe.each([
  { program: 'nginx', install: 'apt-get install nginx-light' },
  { program: 'haproxy', install: 'apt-get install haproxy' },
])('behind $program ($install)', ({ program }) => {
  const own = cases.filter(({ via }) => via.kind === program);
  test.skipIf(!isInstalled(program)).each(own)(
    '$name: its books are exact, and every law holds',
    { timeout: 60_000 },
    async (one) => {
      const result = await trialBehind(one.via, one.upstreamRttMs);
      for (const { law, left, right } of result.health.laws)
        expect({ law, value: left }).toEqual({ law, value: right });
      expect(result.health.laws.map(({ law }) => law)).toContain(
        'answers given by the target = attempts of the balancer − those that it saw die + answers to them',
      );
      const expected = new Map<number, Books>();
      for (const kind of headless) expected.set(rowOf(kind), one.headless);
      for (const kind of brokenBody) expected.set(rowOf(kind), brokenOff);
      expected.set(rowOf('status-500'), { ...answered, outcome: 'status', status: 500 });
      expected.set(rowOf('malformed-status'), one.malformed);
      expected.set(rowOf('black-hole'), givenUp);
      for (let row = 0; row < rowCount; row++) {
        const fault = kinds.find((kind) => rowOf(kind) === row) ?? 'none';
        expect({ row, fault, ...booksOf(row, result) }).toEqual({
          row,
          fault,
          ...(expected.get(row) ?? answered),
        });
      }
    },
  );
});
