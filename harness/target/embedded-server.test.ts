/** The embedded server: its books, its idle timeout, its headers. */
import http from 'node:http';
import https from 'node:https';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { watchStalls } from '../../test/fixtures/longest-stall.ts';
import { HarnessError } from '../base/errors.ts';
import { makeCertificate } from './certificate.ts';
import { EmbeddedServer, type EmbeddedSetup } from './embedded-server.ts';
import { requestId } from './target-books.ts';

const servers: EmbeddedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function setup(change: Partial<EmbeddedSetup> = {}): EmbeddedSetup {
  return {
    config: {
      kind: 'embedded',
      idleTimeoutMs: 60_000,
      idleJitterMs: 0,
      tls: false,
      insecure: false,
      advertise: 'idle-timeout',
      serviceMs: { kind: 'fixed', value: 0 },
      serviceBy: 'wait',
      responseBytes: { kind: 'fixed', value: 9 },
      faults: {},
      faultMs: 1_000,
    },
    idleTimeoutMs: 60_000,
    host: '127.0.0.1',
    port: 0,
    seed: 1,
    requestCount: 10,
    faults: null,
    tls: null,
    ...change,
  };
}

async function serve(change: Partial<EmbeddedSetup> = {}): Promise<{ server: EmbeddedServer; port: number }> {
  const server = new EmbeddedServer(setup(change));
  servers.push(server);
  return { server, port: await server.listen() };
}

/** Talks on one raw connection; resolves with everything read once the server has closed it. */
function talk(port: number, ...requests: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', reject);
    socket.on('end', () => resolve(text));
    for (const request of requests) socket.write(request);
  });
}

const post = (id: string | number, more = '') =>
  `POST / HTTP/1.1\r\nhost: x\r\nx-request-id: ${id}\r\ncontent-length: 3\r\n${more}\r\nabc`;

test('books every execution and answer under its id, and serves unknown ids too', async () => {
  const { server, port } = await serve();
  await talk(port, post(3), post(4), post(4), post(99), post('x'), post(5, 'connection: close\r\n'));
  const { executions, answers, noticedNs, answeredNs } = server.books.ledger;
  expect([...executions]).toEqual([0, 0, 0, 1, 2, 1, 0, 0, 0, 0]);
  expect([...answers]).toEqual([...executions]);
  expect(answeredNs[3]).toBeGreaterThan(noticedNs[3]);
  expect(Number.isNaN(noticedNs[0])).toBe(true);
  expect([server.books.connectionOpenedNs.length, server.books.openMax]).toEqual([1, 1]);
});

test.each([
  [{ idleTimeoutMs: 2_900 }, true, /^connection: keep-alive\r\nkeep-alive: timeout=2$/im],
  [{ idleTimeoutMs: 2_900 }, false, /^connection: keep-alive\r\n(?!keep-alive)/im],
  [{ idleTimeoutMs: 9_000 }, 2_500, /^connection: keep-alive\r\nkeep-alive: timeout=2$/im],
  [{ idleTimeoutMs: null }, true, /^connection: keep-alive\r\n(?!keep-alive)/im],
  // Less than a second cannot be said in whole seconds: timeout=0 would mean "never again".
  [{ idleTimeoutMs: 900 }, true, /^connection: keep-alive\r\n(?!keep-alive)/im],
])(
  'says what it was told to say of its idle timeout: %j, advertise %s',
  async (change, advertise, expected) => {
    const { port } = await serve({
      ...change,
      config: { ...setup().config, advertise: advertise === true ? 'idle-timeout' : advertise || null },
    });
    const text = await talk(port, post(1), post(2, 'connection: close\r\n'));
    const [first, second] = text.split(/(?=HTTP\/1\.1 200)/);
    expect(first).toMatch(expected);
    expect(second).toMatch(/^connection: close\r\n/im);
    expect(second.toLowerCase()).not.toContain('keep-alive');
    expect(first.endsWith('xxxxxxxxx')).toBe(true);
  },
);

test('closes an idle connection at its timeout, without Node’s hidden second, and books how late', async () => {
  const { server, port } = await serve({ idleTimeoutMs: 120 });
  const longestStallMs = watchStalls();
  const startedMs = performance.now();
  await talk(port, post(1));
  const tookMs = performance.now() - startedMs;
  const slackMs = 3 * longestStallMs();
  // Node's timers may be a millisecond early; the hidden second would make it 1,120 ms.
  expect(tookMs).toBeGreaterThan(118 - slackMs);
  expect(tookMs).toBeLessThan(1_000 + slackMs);
  const late = server.books.idleTimerLatenessNs.toArray();
  expect(late).toHaveLength(1);
  // Node counts from the time that its loop last read the clock, which a slow callback leaves behind.
  expect(late[0] / 1e6).toBeGreaterThan(-2 - slackMs);
});

test('draws each idle wait from its jitter, never below the timeout, and books the lateness against the drawn one', async () => {
  const config = { ...setup().config, idleJitterMs: 200 };
  const { server, port } = await serve({ idleTimeoutMs: 60, config });
  const longestStallMs = watchStalls();
  const waits: number[] = [];
  for (let id = 0; id < 8; id++) {
    const startedMs = performance.now();
    await talk(port, post(id));
    waits.push(performance.now() - startedMs);
  }
  const slackMs = 3 * longestStallMs();
  const lateMs = server.books.idleTimerLatenessNs.toArray().map((ns) => ns / 1e6);
  expect(Math.min(...lateMs)).toBeGreaterThan(-2 - slackMs);
  const drawnMs = waits.map((ms, id) => ms - lateMs[id]);
  expect(Math.min(...drawnMs)).toBeGreaterThan(58 - slackMs);
  // Eight draws over 200 ms lie within 20 ms of each other once in a million.
  expect(Math.max(...drawnMs) - Math.min(...drawnMs)).toBeGreaterThan(20);
});

test('never closes an idle connection without an idle timeout', async () => {
  const { server, port } = await serve({ idleTimeoutMs: null });
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(post(1));
  const ended = new Promise<string>((resolve) => socket.on('end', () => resolve('ended')));
  const waited = new Promise<string>((resolve) => setTimeout(() => resolve('waited'), 300));
  expect(await Promise.race([ended, waited])).toBe('waited');
  expect(server.books.idleTimerLatenessNs.length).toBe(0);
  socket.destroy();
});

test('does not count a slow answer as idleness', async () => {
  const config = { ...setup().config, serviceMs: { kind: 'fixed' as const, value: 150 } };
  const { server, port } = await serve({ idleTimeoutMs: 50, config });
  const text = await talk(port, post(1));
  expect(text).toContain('200 OK');
  expect(server.books.ledger.answers[1]).toBe(1);
});

test.each(['wait', 'burn'] as const)('takes its service time: %s', async (serviceBy) => {
  const config = { ...setup().config, serviceBy, serviceMs: { kind: 'fixed' as const, value: 12.5 } };
  const { server, port } = await serve({ config });
  await talk(port, post(1, 'connection: close\r\n'));
  const { noticedNs, answeredNs } = server.books.ledger;
  expect((answeredNs[1] - noticedNs[1]) / 1e6).toBeGreaterThanOrEqual(12.5);
});

test('speaks TLS with a certificate that verifies for its own address only', async () => {
  const tls = await makeCertificate('127.0.0.1');
  const { port } = await serve({ tls });
  const get = (ca?: string, servername?: string) =>
    new Promise<string>((resolve) => {
      const request = https.get(
        { host: '127.0.0.1', port, ca, agent: false, ...(servername === undefined ? {} : { servername }) },
        (response) => {
          response.resume();
          resolve(`${response.statusCode}`);
        },
      );
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  expect(await get(tls.cert)).toBe('200');
  expect(await get(tls.cert, 'example.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await get()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('a port that is taken is a HarnessError that names it', async () => {
  const { port } = await serve();
  const second = new EmbeddedServer(setup({ port }));
  const error = await second.listen().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HarnessError);
  expect(error).toMatchObject({ code: 'port-taken', message: expect.stringContaining(`:${port}`) });
});

test.each([
  ['12', 12],
  ['0', 0],
  ['-1', Number.NaN],
  ['1e3', Number.NaN],
  ['99999999999', Number.NaN],
  [undefined, Number.NaN],
  [['1', '2'], Number.NaN],
])('requestId() reads %j as %d', (header, expected) => {
  expect(requestId(header)).toBe(expected);
});

test('Node still lets the hidden second be set to zero', () => {
  expect('keepAliveTimeoutBuffer' in http.createServer()).toBe(true);
});
