/**
 * A server that is already running, named by its URL. Nothing of it can be set or seen: resources
 * and ledger are not available, and its idle timeout is what the matrix says it is.
 */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { HarnessError } from '../base/errors.ts';
import type { Endpoint } from '../contract/client-kind.ts';
import type { RunningTarget, TargetConfig, TargetKind } from '../contract/target.ts';

type UrlConfig = Extract<TargetConfig, { kind: 'url' }>;

const probeTimeoutMs = 5_000;
const quotedBytesMax = 80;

export const urlTarget: TargetKind = {
  id: 'url',
  title: 'A running server',
  summary: 'A server that is already running; its settings cannot be changed and its cost cannot be seen.',
  refusals: (config, { idleTimeoutMs }) =>
    idleTimeoutMs === config.idleTimeoutMs
      ? []
      : [
          `server.idleTimeoutMs: the server's own setting cannot be changed from here (it is said to be ${inWords(config.idleTimeoutMs)}, wanted ${inWords(idleTimeoutMs)})`,
        ],
  async start({ config }) {
    if (config.kind !== 'url') throw new HarnessError('target-start-failed', 'Not a URL target.');
    const endpoint = endpointOf(config);
    checkAnswer(config.url, await probe(config.url, endpoint));
    return running(config, endpoint);
  },
};

function running({ url, pid }: UrlConfig, endpoint: Endpoint): RunningTarget {
  return {
    endpoint,
    pid,
    lost: new Promise(() => {}),
    usage: async () => null,
    async stop() {
      // Whoever died during the load failed its requests, and the strategy is not to blame.
      await probe(url, endpoint);
      return null;
    },
    kill() {},
  };
}

function inWords(ms: number | null): string {
  return ms === null ? 'none' : `${ms} ms`;
}

function endpointOf({ url, insecure }: UrlConfig): Endpoint {
  const { hostname, port, protocol, host } = new URL(url);
  const secure = protocol === 'https:';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    authority: host,
    tls: secure ? { ca: null, insecure } : null,
  };
}

/** One request, before any load: the first bytes of what comes back. */
function probe(url: string, endpoint: Endpoint): Promise<Buffer> {
  const { host, port, authority, tls } = endpoint;
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new HarnessError('target-start-failed', `No answer from ${url}: ${why}.`, { hint: `curl -v ${url}` }),
      );
    const socket =
      tls === null ? connect({ host, port }) : connectTls({ host, port, rejectUnauthorized: !tls.insecure });
    const received: Buffer[] = [];
    const finish = () => {
      socket.destroy();
      if (received.length === 0) fail('it closed the connection without a word');
      else resolve(Buffer.concat(received));
    };
    socket.setTimeout(probeTimeoutMs, () => {
      socket.destroy();
      fail(`nothing within ${probeTimeoutMs / 1_000} s`);
    });
    socket.on('error', (error) => (received.length === 0 ? fail(error.message) : finish()));
    socket.on('data', (chunk) => {
      received.push(chunk);
      if (Buffer.concat(received).includes('\n')) finish();
    });
    socket.on('end', finish);
    socket.write(`GET ${new URL(url).pathname} HTTP/1.1\r\nhost: ${authority}\r\nconnection: close\r\n\r\n`);
  });
}

function checkAnswer(url: string, answer: Buffer): void {
  const start = answer.toString('latin1', 0, quotedBytesMax);
  if (/^HTTP\/1\.[01] \d{3}/.test(start)) return;
  throw new HarnessError(
    'target-garbage',
    `${url} does not speak HTTP/1.1: its answer starts with ${JSON.stringify(start)}.`,
    { hint: `curl -v ${url}` },
  );
}
