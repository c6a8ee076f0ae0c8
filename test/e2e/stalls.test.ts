/** A part of the harness that stands still in one trial: that trial is left out, and decides no verdict. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { childrenOf, folderWith, readSummary, startCli } from './cli.ts';

const stoppedMs = 1_300;

const matrix = `
name: stalls
rounds: 1
warmup: 400ms
duration: 3s
target: { kind: embedded, idleTimeout: 5s }
network: { rtt: 6ms }
client: { connectTimeout: 500ms, requestTimeout: 500ms }
traffic: { kind: think-time, clients: 20, gap: { uniform: [50ms, 150ms] } }
strategies: [reuse, retry]
`;

/** That carries the load, and its successor's, which waits to be used. */
function wiresOf(controller: number): number[] {
  return childrenOf(controller).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('__wire');
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
    // The second trial starts its processes and warms up; then it is in the middle of what is measured.
    await sleep(1_000);
    const wires = wiresOf(child.pid ?? 0);
    for (const pid of wires) process.kill(pid, 'SIGSTOP');
    await sleep(stoppedMs);
    for (const pid of wires) process.kill(pid, 'SIGCONT');
    const { code } = await end;
    expect(code).toBe(0);
    const [scenario] = readSummary(folder).scenarios;
    const trials = scenario.strategies.flatMap((strategy) => strategy.trials);
    const stopped = trials.filter(({ health }) =>
      health.reasons.some((why) => /^the wire could not run/.test(why)),
    );
    expect(stopped).toHaveLength(1);
    const [{ health, requests }] = stopped;
    expect(health.ok).toBe(false);
    expect(health.readings.wireStallMsMax).toBeGreaterThan(stoppedMs - 100);
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
