/** The target of the engine benchmark: one nginx worker that answers from memory, else the embedded server. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { cli, hasProgram, type Pins, pinned } from './programs.ts';

export interface BenchTarget {
  readonly name: string;
  readonly url: string;
  stop(): Promise<void>;
}

export async function startBenchTarget(pins: Pins): Promise<BenchTarget> {
  return hasProgram('nginx') ? startNginx(pins) : startEmbedded(pins);
}

async function startNginx(pins: Pins): Promise<BenchTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-bench-nginx-'));
  const port = await getPort({ host: '127.0.0.1' });
  writeFileSync(join(folder, 'nginx.conf'), configOf(folder, port));
  const { command, argv } = pinned(pins.target, 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]);
  const server = spawn(command, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  await untilListening(port, server);
  const version = spawnSync('nginx', ['-v'], { encoding: 'utf8' })
    .stderr.replace(/^.*nginx\//s, '')
    .trim();
  return {
    name: `nginx ${version}`,
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      await ended(server, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Nothing on disk and no log: what is measured is the generator, so the target must be far from its limit. */
function configOf(folder: string, port: number): string {
  return `daemon off;
master_process off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 20000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { return 200 "${'x'.repeat(128)}"; }
  }
}
`;
}

async function startEmbedded(pins: Pins): Promise<BenchTarget> {
  const { command, argv } = pinned(pins.target, process.execPath, [
    cli,
    'target',
    '--port',
    '0',
    '--idle-timeout',
    '300s',
  ]);
  const server = spawn(command, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout?.setEncoding('utf8').once('data', (text: string) => resolve(`${text.trim()}/`));
    server.once('exit', (code) => reject(new Error(`the embedded target exited with code ${code}`)));
  });
  return { name: 'embedded server', url, stop: () => ended(server, 'SIGINT') };
}

async function untilListening(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) throw new Error(`nginx exited with code ${server.exitCode}`);
    if (await answersConnect(port)) return;
    await sleep(50);
  }
  server.kill();
  throw new Error('nginx did not listen within 5 s');
}

function answersConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function ended(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) {
      resolve();
      return;
    }
    const force = setTimeout(() => server.kill('SIGKILL'), 2_000);
    server.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    server.kill(signal);
  });
}
