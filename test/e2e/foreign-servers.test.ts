/** Servers that are not ours as targets, tried through the command line; and that none of them outlives a run. */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { childrenOf, isAlive } from '../fixtures/linux-processes.ts';
import { listen } from '../fixtures/listen.ts';
import { folderWith, readSummary, smallMatrix } from '../fixtures/run-folder.ts';
import { cli, startCli } from './cli.ts';
import { isInstalled } from './installed.ts';

const server = `
  import http from 'node:http';
  const [, , host, port, idleTimeoutMs] = process.argv;
  const server = http.createServer((request, response) => request.resume().on('end', () => response.end('x')));
  server.keepAliveTimeout = Number(idleTimeoutMs);
  server.keepAliveTimeoutBuffer = 0;
  server.listen(Number(port), host);`;

const matrix = (target: string, strategies: string) =>
  smallMatrix
    .replace(/target: .*/, `target: ${target}`)
    .replace(/strategies: .*/, `strategies: [${strategies}]`)
    .replace('rounds: 2', 'rounds: 1');

const withoutNginx = !isInstalled('nginx');
const withoutBoth = withoutNginx || !isInstalled('haproxy') || process.platform !== 'linux';

function lawsOf(folder: string) {
  const trials = readSummary(folder).scenarios[0].strategies.flatMap((strategy) => strategy.trials);
  return trials.flatMap(({ laws }) => laws);
}

test.skipIf(withoutNginx)(
  'nginx as the target: its log is a ledger that agrees with the client (apt-get install nginx-light)',
  async () => {
    const folder = folderWith({
      'matrix.yaml': matrix(
        '{ kind: nginx, idleTimeout: 200ms, responseBytes: 3000 }',
        'reuse, retry, long-idle',
      ),
    });
    const { code, stderr } = await cli(folder, 'run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { strategies } = readSummary(folder).scenarios[0];
    for (const { left, right, law } of lawsOf(folder))
      expect({ law, value: left }).toEqual({ law, value: right });
    expect(lawsOf(folder).filter(({ law }) => law.startsWith('answers given by the target'))).toHaveLength(3);
    const races = strategies.map(({ trials }) => trials[0].idleRaces ?? 0);
    expect(races[0]).toBeGreaterThan(0);
    expect(races[2]).toBe(0);
  },
);

test('a command as the target: {idleTimeoutMs} is the policy’s, and its cost is seen', async () => {
  const folder = folderWith({
    'server.mjs': server,
    'matrix.yaml': matrix(
      `{ kind: command, command: ["${process.execPath}", server.mjs, "{host}", "{port}", "{idleTimeoutMs}"], idleTimeout: 200ms }`,
      'reuse, long-idle',
    ),
  });
  const { code, stderr } = await cli(folder, 'run');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [reuse, longIdle] = readSummary(folder).scenarios[0].strategies.map(({ trials }) => trials[0]);
  expect(reuse.idleRaces).toBeGreaterThan(0);
  expect(longIdle.idleRaces).toBe(0);
  if (process.platform !== 'linux') return;
  expect(reuse.serverRssBytesMax).toBeGreaterThan(1e7);
});

test.each([
  ['[node, gone.mjs, "{port}"]', /exited with code 1; it said: .*gone\.mjs/s],
  ['[sh, -c, "echo not today >&2; sleep 60 # {port}"]', /no answer on .* within 1 s; .*It said: not today/s],
])('the command %s ends the run with exit code 3 and what was seen', async (command, says) => {
  const target = `{ kind: command, command: ${command}, idleTimeout: 200ms, readyWithin: 1s }`;
  const folder = folderWith({ 'matrix.yaml': matrix(target, 'reuse') });
  const { code, stderr } = await cli(folder, 'run');
  expect(code, stderr).toBe(3);
  expect(stderr).toMatch(says);
});

test('a URL target: a pid that is not there is refused, metrics are read, and what they lack is not available', async () => {
  const metrics = createServer((request, response) => {
    const text = 'process_cpu_seconds_total 1.5\nprocess_resident_memory_bytes 20000000\n';
    if (request.url === '/metrics') response.end(text);
    else request.resume().on('end', () => response.end('x'));
  });
  const port = await listen(metrics);
  const url = `kind: url, url: "http://127.0.0.1:${port}", idleTimeout: 5s`;
  const folder = folderWith({
    'matrix.yaml': matrix(`{ ${url}, metrics: "http://127.0.0.1:${port}/metrics" }`, 'reuse'),
    'gone.yaml': matrix(`{ ${url}, pid: 4194305 }`, 'reuse'),
  });
  const { code, stderr } = await cli(folder, 'run');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [trial] = readSummary(folder).scenarios[0].strategies[0].trials;
  expect(trial).toMatchObject({ serverCpuMsPer1000Requests: 0, serverRssBytesMax: 20_000_000 });
  const gone = await cli(folder, 'run', 'gone.yaml');
  expect(gone.code).toBe(3);
  expect(gone.stderr).toContain('There is no process 4194305 on this machine');
  metrics.close();
});

const nameOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'latin1').trim();

test.skipIf(withoutBoth).each(['SIGINT', 'SIGKILL'] as const)(
  '%s in the middle of a trial leaves no process and no folder (apt-get install nginx-light haproxy)',
  { timeout: 60_000 },
  async (signal) => {
    const text = `${matrix('{ kind: nginx, idleTimeout: 200ms }', 'reuse, retry')}via: { kind: haproxy }\nduration: 20s\n`;
    const folder = folderWith({ 'matrix.yaml': text.replace('duration: 1200ms\n', '') });
    const before = new Set(foldersOfServers());
    const { child, end } = startCli(folder, 'run');
    const descendants = () => {
      const children = childrenOf(child.pid ?? 0);
      return [...children, ...children.flatMap(childrenOf)];
    };
    const names = () => descendants().map(nameOf);
    await expect.poll(names, { timeout: 30_000 }).toEqual(expect.arrayContaining(['nginx', 'haproxy']));
    const pids = descendants();
    child.kill(signal);
    await end;
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    await expect
      .poll(() => foldersOfServers().filter((name) => !before.has(name)), { timeout: 10_000 })
      .toEqual([]);
  },
);

test.skipIf(process.platform !== 'linux')(
  'SIGINT while a server comes up ends the run at once',
  { timeout: 120_000 },
  async () => {
    const command = '[sh, -c, "exec sleep 60 # {port}"]';
    const target = `{ kind: command, command: ${command}, idleTimeout: 1s, readyWithin: 60s }`;
    const folder = folderWith({ 'matrix.yaml': matrix(target, 'reuse') });
    const { child, end } = startCli(folder, 'run');
    const names = () =>
      childrenOf(child.pid ?? 0)
        .flatMap(childrenOf)
        .map(nameOf);
    await expect.poll(names, { timeout: 30_000 }).toContain('sleep');
    const sinceMs = performance.now();
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    // It would wait for 60 s.
    expect(performance.now() - sinceMs).toBeLessThan(50_000);
  },
);

function foldersOfServers(): string[] {
  return readdirSync(join(process.env.TMPDIR ?? '/tmp')).filter((name) =>
    name.startsWith('idlerace-server-'),
  );
}
