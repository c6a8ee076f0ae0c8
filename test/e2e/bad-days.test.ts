/** What must not be lost when things go wrong, tried through the command line. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { childrenOf, isAlive } from '../fixtures/linux-processes.ts';
import { listen } from '../fixtures/listen.ts';
import { folderWith, readSummary, smallMatrix } from '../fixtures/run-folder.ts';
import { runInProcess } from '../fixtures/run-in-process.ts';
import { cli, startCli } from './cli.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    // The harness may reset a connection that answers garbage.
    socket.on('error', () => {});
    onConnection(socket);
  });
  servers.push(server);
  return listen(server);
}

function urlMatrix(port: number): string {
  return smallMatrix
    .replace(
      '{ kind: embedded, idleTimeout: 200ms }',
      `{ kind: url, url: "http://127.0.0.1:${port}/", idleTimeout: 200ms }`,
    )
    .replace('[reuse, retry, short-lived, evict+retry]', '[reuse]');
}

async function trialFiles(folder: string, wanted: number): Promise<void> {
  await expect
    .poll(
      () => {
        try {
          const names = readdirSync(join(folder, 'results/runs/latest/trials'));
          return names.filter((name) => name.endsWith('.json')).length;
        } catch {
          return 0;
        }
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBeGreaterThanOrEqual(wanted);
}

test.skipIf(process.platform !== 'linux')(
  'Ctrl-C keeps the finished trials, marks the run, and leaves no process behind',
  async () => {
    const folder = folderWith({ 'matrix.yaml': smallMatrix });
    const { child, end } = startCli(folder, 'run');
    await trialFiles(folder, 1);
    // In the middle of the second trial: its processes are there.
    await expect.poll(() => childrenOf(child.pid ?? 0).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
    const children = childrenOf(child.pid ?? 0);
    child.kill('SIGINT');
    const { code, stdout } = await end;
    expect(code).toBe(130);
    expect(stdout).toContain('report.html');
    const summary = readSummary(folder);
    expect(summary.run.interrupted).toBe(true);
    expect(summary.warnings.map(({ code }) => code)).toContain('interrupted');
    expect(summary.scenarios[0].strategies.flatMap(({ trials }) => trials).length).toBeGreaterThanOrEqual(1);
    const alive = () =>
      children.filter((pid) => childrenOf(1).includes(pid) || childrenOf(child.pid ?? 0).includes(pid));
    await expect.poll(alive, { timeout: 5_000 }).toEqual([]);
    const again = await runInProcess(['report', 'results/runs/latest'], folder);
    expect(again.code).toBe(0);
  },
  120_000,
);

test.skipIf(process.platform !== 'linux')(
  'a controller that is killed leaves no process behind, and report summarizes what it finished',
  async () => {
    const folder = folderWith({ 'matrix.yaml': smallMatrix });
    const { child, end } = startCli(folder, 'run');
    await trialFiles(folder, 2);
    await expect.poll(() => childrenOf(child.pid ?? 0).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
    const children = childrenOf(child.pid ?? 0);
    child.kill('SIGKILL');
    await end;
    const gone = () => children.filter((pid) => isAlive(pid));
    await expect.poll(gone, { timeout: 10_000 }).toEqual([]);
    const again = await runInProcess(['report', 'results/runs/latest'], folder);
    expect(again.stderr).toBe('');
    expect(again.code).toBe(0);
    const summary = readSummary(folder);
    expect(summary.run.interrupted).toBe(true);
    expect(summary.scenarios[0].strategies.flatMap(({ trials }) => trials).length).toBeGreaterThanOrEqual(2);
  },
  120_000,
);

test.skipIf(process.platform !== 'linux')(
  'a target that dies in the middle ends the run with exit code 3 and keeps what finished',
  async () => {
    const folder = folderWith({ 'matrix.yaml': smallMatrix });
    const { child, end } = startCli(folder, 'run');
    await trialFiles(folder, 1);
    const target = () =>
      childrenOf(child.pid ?? 0).find((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('__target');
        } catch {
          return false;
        }
      });
    await expect.poll(target, { timeout: 20_000 }).toBeDefined();
    process.kill(target() ?? 0, 'SIGKILL');
    const { code, stderr } = await end;
    expect(code).toBe(3);
    expect(stderr).toMatch(/\[target-(lost|start-failed)\]/);
    const summary = readSummary(folder);
    const trials = summary.scenarios[0].strategies.flatMap((one) => one.trials);
    // Finished, whether or not a busy machine let it be healthy.
    expect(trials.filter(({ requests }) => (requests.ok ?? 0) > 0).length).toBeGreaterThanOrEqual(1);
  },
  120_000,
);

test('a target that answers garbage is refused with exit code 3, quoting it', async () => {
  const port = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  const folder = folderWith({ 'matrix.yaml': urlMatrix(port) });
  const { code, stderr } = await cli(folder, 'run');
  expect(code).toBe(3);
  expect(stderr).toContain('[target-garbage]');
  expect(stderr).toContain('SSH-2.0');
});

test('a target that is not there is refused with exit code 3', async () => {
  const port = await serve(() => {});
  await new Promise((resolve) => servers.splice(0)[0].close(resolve));
  const folder = folderWith({ 'matrix.yaml': urlMatrix(port) });
  const { code, stderr } = await cli(folder, 'run');
  expect(code).toBe(3);
  expect(stderr).toContain('[target-start-failed]');
});
