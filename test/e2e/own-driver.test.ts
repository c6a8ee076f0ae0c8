/** A user's driver that is older than a knob: it answers `prepare` as drivers did before they named their knobs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBench, planOf } from '../../harness/selftest/bench.ts';
import { cliProcesses } from '../fixtures/cli-processes.ts';

const source = `#!${process.execPath}
import { createInterface } from 'node:readline';
process.on('SIGINT', () => {});
for await (const line of createInterface({ input: process.stdin })) {
  const { call, name } = JSON.parse(line);
  if (name !== 'prepare') throw new Error('called ' + name);
  console.log(JSON.stringify({ answer: call }));
}
`;

test('a knob that a driver does not name in its answer is refused by name, before the load', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-own-driver-'));
  try {
    const driver = join(folder, 'driver.mjs');
    writeFileSync(driver, source, { mode: 0o755 });
    const bench = openBench({ processes: cliProcesses(), folder, seed: 1, clientKind: driver });
    const plan = planOf([{ atMs: 10, client: 0 }], { endMs: 50 });
    const trial = bench.run({ id: 'old', plan, policy: { connection: { idleTimeoutMs: 400 } } });
    await expect(trial).rejects.toMatchObject({
      code: 'strategy-refused',
      message: expect.stringContaining('connection.idleTimeoutMs: the driver does not name this knob'),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
