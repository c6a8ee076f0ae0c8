/** The self-test through the command line: short real checks, its exit codes, and Ctrl-C. Counts, never speed. */
import { readdirSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import type { CheckOutcome } from '../../harness/selftest/run-checks.ts';
import { childrenOf, isAlive } from '../fixtures/linux-processes.ts';
import { folderWith } from '../fixtures/run-folder.ts';
import { cli, startCli } from './cli.ts';

interface SelftestDocument {
  readonly seed: number;
  readonly status: string;
  readonly checks: readonly CheckOutcome[];
}

afterEach(() => vi.unstubAllEnvs());

test('selftest --only laws,pacing --json: counts hold, times hold or refuse, and nothing else is on stdout', async () => {
  const run = await cli(folderWith({}), 'selftest', '--only', 'laws,pacing', '--json', '--seed', '7');
  expect(run.stderr).toBe('');
  const { seed, status, checks } = JSON.parse(run.stdout) as SelftestDocument;
  expect(seed).toBe(7);
  expect(checks.map(({ id }) => id)).toEqual(['pacing', 'laws']);
  for (const check of checks) expect(check.status, JSON.stringify(check)).toMatch(/^(held|refused)$/);
  expect(['held', 'refused']).toContain(status);
  expect(run.code).toBe(status === 'held' ? 0 : 4);
  const [pacing, laws] = checks;
  const arrived = pacing.findings.filter(({ what }) => what.endsWith('arrived exactly once'));
  expect(arrived).toHaveLength(3);
  for (const { held } of arrived) expect(held).toBe(true);
  expect(laws.findings.filter(({ held }) => !held)).toEqual([]);
  expect(laws.findings.filter(({ what }) => what.startsWith('conservation laws:'))).toHaveLength(5);
}, 60_000);

test.skipIf(process.platform !== 'linux')(
  'Ctrl-C ends the self-test, its processes and its folder',
  async () => {
    const folder = folderWith({});
    vi.stubEnv('TMPDIR', folder);
    const { child, end } = startCli(folder, 'selftest', '--only', 'pacing');
    const children = () => childrenOf(child.pid ?? 0);
    await expect.poll(() => children().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    const own = children();
    // Node's compile cache goes to the same place.
    const left = () => readdirSync(folder).filter((name) => name.startsWith('idlerace-selftest-'));
    expect(left()).toHaveLength(1);
    child.kill('SIGINT');
    const run = await end;
    expect(run.code).toBe(130);
    expect(run.stdout).toBe('');
    expect(left()).toEqual([]);
    await expect.poll(() => own.filter((pid) => isAlive(pid)), { timeout: 5_000 }).toEqual([]);
  },
  60_000,
);
