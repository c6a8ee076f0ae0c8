/** HAProxy as a balancer, one process and one thread, with connections kept to one target. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { HarnessError } from '../../base/errors.ts';
import { findProgram } from '../../base/processes/find-program.ts';
import { startForeignServer } from '../../base/processes/foreign-server.ts';
import type { Launch } from '../../base/processes/processes.ts';
import type { BalancerConfigOf, BalancerKind } from '../../contract/balancer.ts';
import type { Endpoint } from '../../contract/client-kind.ts';
import { haproxyLogFormat, haproxyQuestions, readHaproxyBooks } from './haproxy-books.ts';

type HaproxyConfig = BalancerConfigOf<'haproxy'>;

const readyPath = '/.idlerace-ready';
const readyWithinMs = 5_000;
const answerWithinMs = 10_000;
/** Entries beside those of the plan: rows that come twice take none. */
const tableMin = 1_000;

export function haproxyBalancer(launch: Launch): BalancerKind<HaproxyConfig> {
  return {
    id: 'haproxy',
    title: 'HAProxy',
    summary:
      "HAProxy with server connection reuse. If a connection to the target fails, it closes the client's connection without an answer, or retries if retry-on allows it.",
    async prepare() {
      findHaproxy();
    },
    async start({ config, host, upstream, requestCount }) {
      const haproxy = findHaproxy();
      const server = await startForeignServer(
        {
          name: 'HAProxy',
          host,
          command: ({ folder }) => [haproxy, '-db', '-f', join(folder, 'haproxy.cfg')],
          files: (place) => ({ 'haproxy.cfg': haproxyConfig(config, upstream, place, requestCount) }),
          // HAProxy logs to a file, because it drops lines when a pipe is full.
          stdoutFile: 'log',
          readyPath,
          readyWithinMs,
        },
        launch,
      );
      return {
        // The Host header is the target's own: it is passed through.
        endpoint: { host, port: server.port, authority: upstream.authority, tls: null },
        pid: server.pid,
        lost: server.lost,
        async stop() {
          await server.settle();
          const answers = await ask(join(server.folder, 'socket'), haproxyQuestions);
          const log = await server.stop(() => readFileSync(join(server.folder, 'log'), 'utf8'));
          return readHaproxyBooks(log, answers, requestCount);
        },
        kill: server.kill,
      };
    },
  };
}

function findHaproxy(): string {
  return findProgram('haproxy', 'apt-get install haproxy');
}

/** Everything that decides the race is said, the rest is as HAProxy ships. */
export function haproxyConfig(
  config: HaproxyConfig,
  upstream: Pick<Endpoint, 'host' | 'port'>,
  { folder, host, port }: { readonly folder: string; readonly host: string; readonly port: number },
  requestCount: number,
): string {
  const retryOn = config.retryOn.length === 0 ? 'none' : config.retryOn.join(' ');
  return `global
  log stdout format raw local0
  nbthread 1
  no strict-limits
  stats socket "${folder}/socket" level admin mode 600
defaults
  mode http
  timeout connect 5s
  timeout client 24h
  timeout server 60s
  timeout http-keep-alive ${Math.max(1, Math.round(config.clientIdleTimeoutMs))}ms
  http-reuse ${config.httpReuse}
  retry-on ${retryOn}
  retries ${config.retriesMax}
frontend clients
  bind ${host}:${port} backlog 4096
  log global
  log-format "${haproxyLogFormat}"
  http-request return status 204 if { path ${readyPath} }
  http-request capture req.hdr(x-request-id) len 10
  http-request track-sc0 req.hdr(x-request-id) table arrivals
  http-request sc-inc-gpc0(0)
  default_backend to_target
backend arrivals
  stick-table type integer size ${tableMin + requestCount} store gpc0
backend to_target
  server target ${upstream.host}:${upstream.port} pool-max-conn ${config.upstreamConnectionsMax} pool-purge-delay ${Math.max(1, Math.round(config.poolPurgeDelayMs))}ms
`;
}

function ask(socketPath: string, questions: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(socketPath);
    const fail = (why: string) => {
      socket.destroy();
      reject(new HarnessError('target-lost', `HAProxy does not tell its counters: ${why}.`));
    };
    socket.setTimeout(answerWithinMs, () => fail(`nothing within ${answerWithinMs / 1_000} s`));
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', (error) => fail(error.message));
    socket.on('end', () => resolve(answer));
    socket.write(`${questions}\n`);
  });
}
