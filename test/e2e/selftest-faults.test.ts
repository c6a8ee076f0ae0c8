/** The fault oracle for real: processes, sockets, every fault. It may refuse on a busy machine; it may not be wrong. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBench } from '../../harness/selftest/bench.ts';
import { checkFaults } from '../../harness/selftest/check-faults.ts';

// The bench's processes are the program entered again; here the program is the command line.
const entry = process.argv[1];
let folder = '';
beforeEach(() => {
  process.argv[1] = join(import.meta.dirname, '../../harness/cli.ts');
  folder = mkdtempSync(join(tmpdir(), 'idlerace-selftest-'));
});
afterEach(() => {
  process.argv[1] = entry;
  rmSync(folder, { recursive: true });
});

test('checkFaults: every fault over TCP, over TLS and with retries is told apart', async () => {
  const result = await checkFaults.run(openBench(folder, 1, new AbortController().signal));
  const wrong = result.findings.filter(({ held }) => !held);
  expect(result.findings).toHaveLength(75);
  if (result.status === 'refused') expect(result.healthReasons).not.toEqual([]);
  else expect(wrong).toEqual([]);
});
