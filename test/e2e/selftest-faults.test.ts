/** The fault oracle for real: processes, sockets, every fault. It may refuse on a busy machine; it may not be wrong. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBench } from '../../harness/selftest/bench.ts';
import { checkFaults } from '../../harness/selftest/check-faults.ts';
import { cliProcesses } from '../fixtures/cli-processes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idlerace-selftest-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('checkFaults: every fault over TCP, over TLS and with retries is told apart', async () => {
  const result = await checkFaults.run(openBench({ processes: cliProcesses(), folder, seed: 1 }));
  const wrong = result.findings.filter(({ held }) => !held);
  expect(result.findings).toHaveLength(75);
  if (result.status === 'refused') expect(result.healthReasons).not.toEqual([]);
  else expect(wrong).toEqual([]);
});
