/**
 * Probes servers whose timeouts are known here and not to the probe, and holds what it finds against them.
 *
 *     npm run try:probe            all that are installed, some two minutes
 *
 * Exit codes: 0 all found within the stated error, 4 one is not. What is not installed is skipped with the line
 * that installs it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { balancerKinds } from '../harness/balancer/index.ts';
import { killChildren } from '../harness/base/child.ts';
import { HarnessError } from '../harness/base/errors.ts';
import { plainTarget } from '../harness/commands/plain-target.ts';
import type { BalancerConfig } from '../harness/contract/balancer.ts';
import type { Endpoint } from '../harness/contract/client-kind.ts';
import type { TargetConfig } from '../harness/contract/target.ts';
import type { ProbeFindings } from '../harness/probe/probe-findings.ts';
import { targetKinds } from '../harness/target/index.ts';
import { startWire } from '../harness/wire/start-wire.ts';

const cli = join(import.meta.dirname, '../harness/cli.ts');
// Our own processes are the program entered again.
process.argv[1] = cli;

const longestMs = 12_000;

interface Server {
  readonly name: string;
  readonly idleMs: number | null;
  /** Of what stands behind it; null: nothing does. */
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
  const kind = targetKinds({ cpus: null }).find(({ id }) => id === config.kind);
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
  const kind = balancerKinds({ cpus: null }).find(({ id }) => id === config.kind);
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
          { cpus: null },
        );
  const upstream = wire === null ? target : { ...target, host: wire.host, port: wire.port };
  return (await kind.start({ config, host, upstream, requestCount: 1 })).endpoint;
}

function probe({ host, port }: Endpoint): Promise<ProbeFindings> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [cli, 'probe', `http://${host}:${port}/`, '--json', '--longest', `${longestMs}ms`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text).findings);
      else reject(new Error(`the probe exited with code ${code}`));
    });
  });
}

/** What was found, and whether the truth lies within the error that was stated with it. */
function judge(
  { idleMs, secondMs, mayMiss = false }: Server,
  { idleTimeout, secondHop }: ProbeFindings,
): [boolean, string] {
  const { timeoutMs, errorMs, noneUpToMs } = idleTimeout;
  const idle =
    timeoutMs === null
      ? `none up to ${noneUpToMs} ms`
      : `${timeoutMs.toFixed(0)} ± ${errorMs?.toFixed(0)} ms`;
  const idleHolds =
    idleMs === null
      ? timeoutMs === null
      : timeoutMs !== null && Math.abs(timeoutMs - idleMs) <= (errorMs ?? 0);
  const second =
    secondHop.timeoutMs === null
      ? secondHop.says
      : `${secondHop.timeoutMs.toFixed(0)} ± ${secondHop.errorMs?.toFixed(0)} ms`;
  const secondHolds =
    secondMs === null
      ? secondHop.timeoutMs === null
      : secondHop.timeoutMs === null
        ? mayMiss
        : Math.abs(secondHop.timeoutMs - secondMs) <= (secondHop.errorMs ?? 0);
  return [idleHolds && secondHolds, `idle timeout ${idle}; behind it ${second}`];
}

let wrong = 0;
try {
  await Promise.all(
    servers.map(async (server, index) => {
      try {
        const findings = await probe(await server.start(`127.0.1.${index + 2}`));
        const [holds, words] = judge(server, findings);
        if (!holds) wrong++;
        console.log(
          `${holds ? 'found' : 'WRONG'}  ${server.name}: ${words}; ${findings.requestsSent} requests`,
        );
      } catch (error) {
        if (!(error instanceof HarnessError) || error.code !== 'program-missing') throw error;
        console.log(`skipped  ${server.name}: ${error.message} Try: ${error.hint}`);
      }
    }),
  );
} finally {
  killChildren();
}
process.exitCode = wrong > 0 ? 4 : 0;
