/** A part of the harness that stands still in one trial: that trial is left out, and decides no verdict. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { childrenOf } from '../fixtures/linux-processes.ts';
import { folderWith, readSummary } from '../fixtures/run-folder.ts';
import { startCli } from './cli.ts';

const stoppedMs = 1_300;
const clients = 20;

const matrix = `
name: stalls
rounds: 1
repeatUnhealthy: 0
warmup: 400ms
duration: 3s
target: { kind: embedded, idleTimeout: 5s }
network: { rtt: 6ms }
client: { connectTimeout: 500ms, requestTimeout: 500ms }
traffic: { kind: think-time, clients: ${clients}, gap: { uniform: [50ms, 150ms] } }
strategies: [reuse, retry]
`;

/** The wire that carries the load: it has a connection to either side for each client. */
function busyWire(controller: number): number | undefined {
  return childrenOf(controller).find((pid) => {
    try {
      const isWire = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('__wire');
      return isWire && readdirSync(`/proc/${pid}/fd`).length > 2 * clients;
    } catch {
      return false;
    }
  });
}

function finishedTrials(folder: string): string[] {
  try {
    const names = readdirSync(join(folder, 'results/runs/latest/trials'));
    return names.filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

test.skipIf(process.platform !== 'linux')(
  'a wire that is stopped for 1.3 s voids its trial by name, and no verdict is drawn from it',
  async () => {
    const folder = folderWith({ 'matrix.yaml': matrix });
    const { child, end } = startCli(folder, 'run');
    await expect.poll(() => finishedTrials(folder).length, { timeout: 60_000, interval: 20 }).toBe(1);
    await expect.poll(() => busyWire(child.pid ?? 0), { timeout: 60_000, interval: 20 }).toBeDefined();
    const wire = busyWire(child.pid ?? 0) ?? 0;
    // All clients have a connection, so the load began a while ago; then the warm-up is over.
    await sleep(800);
    process.kill(wire, 'SIGSTOP');
    await sleep(stoppedMs);
    process.kill(wire, 'SIGCONT');
    const { code } = await end;
    expect(code).toBe(0);
    const [scenario] = readSummary(folder).scenarios;
    const trials = scenario.strategies.flatMap((strategy) => strategy.trials);
    const stopped = trials.filter(({ health }) => (health.readings.wireStallMsMax ?? 0) > stoppedMs - 100);
    expect(stopped).toHaveLength(1);
    const [{ health, requests }] = stopped;
    expect(health.ok).toBe(false);
    expect(health.reasons.filter((why) => why.startsWith('the wire could not run for 1'))).toHaveLength(1);
    // It did harm: without the gate these would be the strategy's failures.
    expect(requests.failed).toBeGreaterThan(0);
    const words = scenario.strategies.flatMap(({ versusReference }) =>
      Object.values(versusReference ?? {}).map(({ word }) => word),
    );
    // Throughput has no figure in an open loop.
    expect(new Set(words.filter((word) => word !== 'not-available'))).toEqual(new Set(['no-verdict']));
  },
  120_000,
);
