/**
 * nginx as the harness runs it, whether as a target or as a balancer: one process in the foreground, nothing
 * outside of its folder, no connection closed for any reason that nobody asked for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { findProgram } from './find-program.ts';
import { type ForeignServer, type ServerPlace, startForeignServer } from './foreign-server.ts';
import type { Launch } from './processes.ts';

/** What nginx logged, as text. */
interface NginxBooks {
  readonly access: string;
  readonly error: string;
}

export interface RunningNginx extends Pick<ForeignServer, 'port' | 'pid' | 'lost' | 'kill'> {
  stop(): Promise<NginxBooks>;
}

/** Connections and idle ones; with fewer free it closes idle ones, which would be measured. */
const connectionsMax = 16_384;
const readyWithinMs = 5_000;
/** Answered by nginx itself, and not logged. */
const readyPath = '/.idlerace-ready';

export function findNginx(): string {
  return findProgram('nginx', 'apt-get install nginx-light');
}

/** @param content Of the `http` block: upstreams and servers, each with a `nginxReadyLocation`. */
export async function startNginx(
  host: string,
  launch: Launch,
  content: (place: ServerPlace) => string,
): Promise<RunningNginx> {
  const nginx = findNginx();
  const setup = {
    name: 'nginx',
    host,
    command: ({ folder }: ServerPlace) => [nginx, '-p', folder, '-c', join(folder, 'nginx.conf')],
    files: (place: ServerPlace) => ({ 'nginx.conf': nginxConfig(place.folder, content(place)) }),
    readyPath,
    readyWithinMs,
  };
  const server = await startForeignServer(setup, launch);
  return {
    port: server.port,
    pid: server.pid,
    lost: server.lost,
    kill: server.kill,
    async stop() {
      await server.settle();
      const books = await server.stop(() => ({
        access: readFileSync(join(server.folder, 'access.log'), 'utf8'),
        error: readFileSync(join(server.folder, 'error.log'), 'utf8'),
      }));
      refuseIfItRanOut(books);
      return books;
    },
  };
}

/** The readiness check is neither logged nor sent on. */
export const nginxReadyLocation = `location = ${readyPath} { access_log off; return 204; }`;

/** nginx's time: whole milliseconds. Its 0 would mean "do not keep". null: longer than any trial. */
export function nginxTime(ms: number | null): string {
  return ms === null ? '30d' : `${Math.max(1, Math.round(ms))}ms`;
}

/** The whole file. */
export function nginxConfig(folder: string, httpContent: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `  ${what}_temp_path "${folder}/${what}";`,
  );
  return [
    'daemon off;',
    'master_process off;',
    `pid "${folder}/pid";`,
    `error_log "${folder}/error.log" warn;`,
    `events { worker_connections ${connectionsMax}; multi_accept on; }`,
    'http {',
    ...temporary,
    '  default_type text/plain;',
    '  client_max_body_size 0;',
    '  client_header_timeout 30d;',
    '  client_body_timeout 30d;',
    '  keepalive_time 30d;',
    httpContent,
    '}',
    '',
  ].join('\n');
}

/** It then closes idle connections or refuses new ones: what was measured is that, and not the strategy. */
function refuseIfItRanOut({ error }: NginxBooks): void {
  const line = /^.*(?:worker_connections are not enough|Too many open files).*$/m.exec(error)?.[0];
  if (line !== undefined) throw new HarnessError('target-lost', `nginx ran out of connections: ${line}`);
}
