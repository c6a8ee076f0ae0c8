/**
 * Go's server and Go's client for real: the fault oracle through each, and what Transport sends again by itself.
 * A busy machine may be late; nothing may be lost or counted twice.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goProgram } from '../../harness/base/go/go-program.ts';
import { type FaultKind, faultCode } from '../../harness/contract/fault.ts';
import { outcomes } from '../../harness/contract/outcome.ts';
import type { PolicyChange } from '../../harness/contract/policy.ts';
import type { TargetConfig } from '../../harness/contract/target.ts';
import type { TrialResult } from '../../harness/contract/trial.ts';
import { type Bench, openBench, planOf } from '../../harness/selftest/bench.ts';
import { checkFaults } from '../../harness/selftest/check-faults.ts';
import { checkLaws } from '../../harness/selftest/check-laws.ts';
import { differenceIn, withoutHints } from '../../harness/selftest/client-differences.ts';
import { expectedEnd } from '../../harness/selftest/fault-expectations.ts';
import { faultScenario, timesEach } from '../../harness/selftest/fault-scenario.ts';
import { judgeFaults } from '../../harness/selftest/judge-faults.ts';
import { booksOf } from '../../harness/selftest/trial-books.ts';
import { cliProcesses } from '../fixtures/cli-processes.ts';
import { cli } from './cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idlerace-go-e2e-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const open = (clientKind: string): Bench =>
  openBench({ processes: cliProcesses(), folder, seed: 1, clientKind });

const goServer: TargetConfig = {
  kind: 'go',
  idleTimeoutMs: 1_000,
  idleTimeoutBy: 'IdleTimeout',
  serviceMs: { kind: 'fixed', value: 0 },
  responseBytes: { kind: 'fixed', value: 128 },
  faults: {},
  faultMs: 200,
};

const brokenLaws = ({ health: { laws } }: TrialResult) => laws.filter(({ left, right }) => left !== right);
const hasGo = spawnSync('go', ['version']).status === 0;

describe.skipIf(!hasGo)('with Go (apt-get install golang-go)', () => {
  beforeAll(async () => {
    await goProgram('target/go');
    await goProgram('client/go');
  }, 240_000);

  test('lean client, Go target: every fault is what it is of the embedded one', async () => {
    const soonMs = 150;
    const scenario = faultScenario(
      {
        kinds: [
          'fin-unexecuted',
          'fin-executed',
          'rst-unexecuted',
          'rst-executed',
          'half-close',
          'black-hole',
          'close-in-head',
          'close-in-body',
          'close-in-chunk',
          'malformed-status',
          'status-500',
          'idle-fin',
          'lying-keep-alive',
          'hint-too-long',
          'hint-too-short',
        ],
        everyMs: 6,
        nextAfterMs: {
          'status-500': soonMs,
          'idle-fin': soonMs,
          'lying-keep-alive': soonMs,
          'hint-too-short': 750,
          'hint-too-long': 1_250,
        },
        refuseMs: 200,
        expected: (kind, carrier) =>
          expectedEnd(kind, {
            carrier,
            retried: false,
            different: differenceIn(withoutHints, kind, { carrier, tls: false }),
          }),
      },
      1,
    );
    const { plan, faults } = scenario;
    const trial = await open('lean').run({
      id: 'faults-go',
      plan,
      faults,
      target: goServer,
      limits: { requestTimeoutMs: 600 },
    });
    const { findings, slowness, unhealthy } = judgeFaults(scenario, trial, 'of Go');
    expect(brokenLaws(trial)).toEqual([]);
    expect(findings.length).toBeGreaterThan(30);
    if (slowness.length + unhealthy.length === 0) expect(findings.filter(({ held }) => !held)).toEqual([]);
  });

  test('Go client, embedded target: the fault oracle and the laws', async () => {
    const bench = open('go');
    for (const check of [checkFaults, checkLaws]) {
      const result = await check.run(bench);
      const wrong = result.findings.filter(({ held }) => !held);
      if (result.status === 'refused') expect(result.healthReasons).not.toEqual([]);
      else expect(wrong).toEqual([]);
    }
  });

  /** Each client sends a good request, and later on the same connection one that suffers the fault. */
  async function faulted(fault: FaultKind, method: string, policy: PolicyChange) {
    const clients = timesEach;
    const requests = Array.from({ length: clients }, (_, client) => [
      { atMs: 20 + client, client },
      { atMs: 150 + client, client },
    ]).flat();
    const plan = planOf(requests, { endMs: 250, method });
    const faults = Uint8Array.from(plan.intendedNs, (atNs) => (atNs > 100e6 ? faultCode[fault] : 0));
    const trial = await open('go').run({ id: `${fault}-${method}`, plan, faults, policy });
    const { generator, target } = booksOf(trial);
    expect(brokenLaws(trial)).toEqual([]);
    const failed = generator.requests.outcome.reduce((sum, code) => sum + Number(outcomes[code] !== 'ok'), 0);
    return {
      failed,
      retries: generator.counters.attempts - generator.counters.started,
      deaths: Array.from(generator.deaths.outcome, (code) => outcomes[code]),
      executedTwice: target.ledger.executions.filter((times) => times === 2).length,
    };
  }

  const all = Array(timesEach).fill('idle-race');
  const keyed = { retry: { idempotencyKey: true } };

  test.each([
    ['fin-unexecuted', 'GET', {}, { failed: 0, retries: timesEach, deaths: all, executedTwice: 0 }],
    ['fin-executed', 'GET', {}, { failed: 0, retries: timesEach, deaths: all, executedTwice: timesEach }],
    ['rst-executed', 'GET', {}, { failed: 0, retries: timesEach, deaths: all, executedTwice: timesEach }],
    ['fin-unexecuted', 'POST', {}, { failed: timesEach, retries: 0, deaths: all, executedTwice: 0 }],
    ['fin-executed', 'POST', keyed, { failed: 0, retries: timesEach, deaths: all, executedTwice: timesEach }],
  ] as const)('Go client: %s on a reused connection, %s %j', async (fault, method, policy, expected) => {
    expect(await faulted(fault, method, policy)).toEqual(expected);
  });

  test('a driver named by its path is held to the contract, and goes without what it refuses itself', async () => {
    const driver = join(folder, 'my-driver');
    writeFileSync(driver, `#!/bin/sh\nexec '${await goProgram('client/go')}'\n`, { mode: 0o755 });
    const { code, stdout, stderr } = await cli(folder, 'selftest', '--client', './my-driver', '--json');
    const { client, checks } = JSON.parse(stdout);
    expect([client, stderr]).toEqual([driver, '']);
    const [faults, laws] = checks;
    expect([faults.status, laws.status]).toEqual([expect.stringMatching(/^(held|refused)$/), 'held']);
    if (faults.status === 'held') expect(code).toBe(0);
  }, 60_000);

  test('selftest --client go runs the two checks that hold a client to the contract', async () => {
    const { code, stdout } = await cli(folder, 'selftest', '--client', 'go', '--only', 'laws', '--json');
    const document = JSON.parse(stdout);
    expect([document.client, document.checks.map(({ id }: { id: string }) => id)]).toEqual(['go', ['laws']]);
    expect([code, document.status]).toEqual([0, 'held']);
  }, 60_000);
});
