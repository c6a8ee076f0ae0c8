/**
 * Probes servers whose timeouts are known here but not to the probe, compares what it finds with them, and tries
 * what it advises: 150 requests on connections that were idle for a little less than the advised age.
 *
 *     npm run try:probe            all that are installed, some three minutes
 *
 * Exit codes: 0 all found within the stated error and no request lost, 4 otherwise. What is not installed is
 * skipped with the line that installs it.
 */
import { HarnessError } from '../harness/base/errors.ts';
import { Processes } from '../harness/base/processes/processes.ts';
import type { BalancerConfig } from '../harness/contract/balancer.ts';
import type { Endpoint } from '../harness/contract/client-kind.ts';
import type { TargetConfig } from '../harness/contract/target.ts';
import type { ProbeFindings } from '../harness/evidence/probe/probe-findings.ts';
import type { Recommendation } from '../harness/evidence/probe/recommend.ts';
import { balancerKinds } from '../harness/network/balancer/index.ts';
import { startWire } from '../harness/network/wire/start-wire.ts';
import { targetKinds } from '../harness/target/index.ts';
import { plainTarget } from '../harness/target/plain-target.ts';
import { cli, execute } from './shared/script.ts';
import { belowMs, type Tried, tries, tryAdvice } from './try-probe/try-advice.ts';
import { startApache, startLighttpd, startNode } from './try-probe/web-servers.ts';

const processes = new Processes(cli);
const launch = { processes, cpus: null };

/** Probes at a time: more would be late on a small machine. */
const atOnce = 4;
const longestMs = 12_000;

interface Server {
  readonly name: string;
  /** Shortest idle timeout that it can show; null: none. */
  readonly idleMs: number | null;
  /** Of the server behind it; null: there is none. */
  readonly secondMs: number | null;
  /** Not seeing the second hop is right, too: on bare loopback a new connection costs less than the scatter. */
  readonly mayMiss?: boolean;
  start(host: string): Promise<Endpoint>;
}

const go = (idleTimeoutMs: number | null): TargetConfig => ({
  ...{ kind: 'go', idleTimeoutMs, idleTimeoutBy: 'IdleTimeout', faults: {}, faultMs: 1_000 },
  serviceMs: { kind: 'fixed', value: 0 },
  responseBytes: { kind: 'fixed', value: 128 },
});

const nginxBalancer: BalancerConfig = {
  kind: 'nginx',
  clientIdleTimeoutMs: 7_000,
  upstreamIdleTimeoutMs: 60_000,
  upstreamConnectionsMax: 64,
  upstreamRequestsMax: 100_000,
  nextUpstream: ['error', 'timeout'],
};

const haproxyBalancer: BalancerConfig = {
  kind: 'haproxy',
  clientIdleTimeoutMs: 3_300,
  httpReuse: 'safe',
  retryOn: ['conn-failure'],
  retriesMax: 3,
  upstreamConnectionsMax: 64,
  poolPurgeDelayMs: 60_000,
};

/** node:http adds a second to what it is told, unless it is told not to; the embedded target is. */
const servers: readonly Server[] = [
  {
    name: 'node:http, 1.3 s',
    idleMs: 1_300,
    secondMs: null,
    start: (host) => origin({ ...plainTarget, idleTimeoutMs: 1_300 }, host),
  },
  {
    name: 'node:http, none',
    idleMs: null,
    secondMs: null,
    start: (host) => origin({ ...plainTarget, idleTimeoutMs: null }, host),
  },
  { name: 'Go, 7 s', idleMs: 7_000, secondMs: null, start: (host) => origin(go(7_000), host) },
  { name: 'Go, none', idleMs: null, secondMs: null, start: (host) => origin(go(null), host) },
  {
    name: 'nginx, 2.5 s',
    idleMs: 2_500,
    secondMs: null,
    start: (host) =>
      origin(
        { kind: 'nginx', idleTimeoutMs: 2_500, requestsPerConnectionMax: 100_000, responseBytes: 128 },
        host,
      ),
  },
  { name: 'lighttpd, 3 s', idleMs: 3_000, secondMs: null, start: (host) => startLighttpd(launch, host, 3) },
  { name: 'Apache, 2 s', idleMs: 2_000, secondMs: null, start: (host) => startApache(launch, host, 2, 50) },
  { name: 'node:http, 2 s + 1 s', idleMs: 3_000, secondMs: null, start: (host) => startNode(host, 2_000) },
  {
    name: 'HAProxy, 3.3 s',
    idleMs: 3_300,
    secondMs: null,
    start: (host) => chain(haproxyBalancer, null, 0, host),
  },
  {
    name: 'nginx 7 s, Go 1.3 s',
    idleMs: 7_000,
    secondMs: 1_300,
    mayMiss: true,
    start: (host) => chain(nginxBalancer, 1_300, 0, host),
  },
  {
    name: 'nginx 7 s, 10 ms, Go 1.3 s',
    idleMs: 7_000,
    secondMs: 1_300,
    start: (host) => chain(nginxBalancer, 1_300, 10, host),
  },
];

const setup = { seed: 1, requestCount: 1, faults: null };

async function origin(config: TargetConfig, host: string): Promise<Endpoint> {
  const kind = targetKinds(launch).find(({ id }) => id === config.kind);
  if (kind === undefined) throw new Error(`no target kind ${config.kind}`);
  await kind.prepare?.(config);
  const { idleTimeoutMs } = config;
  return (await kind.start({ ...setup, config, policy: { idleTimeoutMs }, host })).endpoint;
}

async function chain(
  config: BalancerConfig,
  goMs: number | null,
  rttMs: number,
  host: string,
): Promise<Endpoint> {
  const kind = balancerKinds(launch).find(({ id }) => id === config.kind);
  if (kind === undefined) throw new Error(`no balancer kind ${config.kind}`);
  await kind.prepare?.();
  const target = await origin(go(goMs), host);
  const wire =
    rttMs === 0
      ? null
      : await startWire(
          Promise.resolve({
            listenHost: host,
            listenPort: 0,
            targetHost: target.host,
            targetPort: target.port,
            rttMs,
          }),
          launch,
        );
  const upstream = wire === null ? target : { ...target, host: wire.host, port: wire.port };
  return (await kind.start({ config, host, upstream, requestCount: 1 })).endpoint;
}

interface Probed {
  readonly findings: ProbeFindings;
  readonly recommendation: Recommendation;
}

async function probe({ host, port }: Endpoint): Promise<Probed> {
  const options = ['--json', '--longest', `${longestMs}ms`];
  const { stdout } = await execute(process.execPath, [cli, 'probe', `http://${host}:${port}/`, ...options]);
  return JSON.parse(stdout);
}

/** Whether the truth lies within the error that was stated with what was found. */
function isFound(
  { idleMs, secondMs, mayMiss = false }: Server,
  { idleTimeout, secondHop }: ProbeFindings,
): boolean {
  const { fromMs, errorMs } = idleTimeout;
  const within = (foundMs: number | null, trueMs: number | null, error: number | null) =>
    foundMs === null || trueMs === null ? foundMs === trueMs : Math.abs(foundMs - trueMs) <= (error ?? 0);
  const missed = secondHop.timeoutMs === null && mayMiss;
  return (
    within(fromMs, idleMs, errorMs) && (missed || within(secondHop.timeoutMs, secondMs, secondHop.errorMs))
  );
}

function seconds(ms: number | null): string {
  return ms === null ? 'none' : `${(ms / 1_000).toFixed(2)} s`;
}

const columns = [8, 26, 15, 8, 9, 8, 13, 9, 8] as const;

function row(...cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(columns[index])).join(' ');
}

function rowOf(
  { name }: Server,
  { findings, recommendation }: Probed,
  tried: Tried | null,
  tookMs: number,
  holds: boolean,
): string {
  const { idleTimeout, hintSeconds, secondHop, requestsSent } = findings;
  const spread =
    idleTimeout.fromMs === null
      ? 'none'
      : `${seconds(idleTimeout.fromMs)} ± ${(idleTimeout.errorMs ?? 0).toFixed(0)} ms`;
  return row(
    holds ? 'holds' : 'FAILS',
    name,
    spread,
    hintSeconds === null ? 'none' : `${hintSeconds} s`,
    seconds(recommendation.evictAtMs),
    tried === null ? '' : `${tried.lost} of ${tried.sent}`,
    secondHop.timeoutMs === null ? secondHop.says : seconds(secondHop.timeoutMs),
    `${requestsSent}`,
    seconds(tookMs),
  );
}

let wrong = 0;
async function tryServer(server: Server, host: string): Promise<void> {
  try {
    const endpoint = await server.start(host);
    const startMs = performance.now();
    const probed = await probe(endpoint);
    const tookMs = performance.now() - startMs;
    const { evictAtMs } = probed.recommendation;
    const tried = evictAtMs === null ? null : await tryAdvice(endpoint, evictAtMs);
    const holds = isFound(server, probed.findings) && (tried === null || tried.lost === 0);
    if (!holds) wrong++;
    console.log(rowOf(server, probed, tried, tookMs, holds));
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'program-missing') throw error;
    console.log(row('skipped', `${server.name}: ${error.message} Try: ${error.hint}`));
  }
}

try {
  console.log(`Lost: of ${tries} requests after idle times within ${belowMs} ms below the advised one.\n`);
  console.log(
    row('', 'server', 'idle timeout', 'promise', 'advised', 'lost', 'second hop', 'requests', 'time'),
  );
  const waiting = servers.map((server, index) => ({ server, host: `127.0.1.${index + 2}` }));
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await tryServer(next.server, next.host);
      }
    }),
  );
} finally {
  processes.killAll();
}
process.exitCode = wrong > 0 ? 4 : 0;
