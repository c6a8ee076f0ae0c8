/** What every client kind must do, tried against small servers that do one thing each. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { listen } from '../../test/fixtures/listen.ts';
import { planOf } from '../../test/fixtures/plan.ts';
import { TestRecorder } from '../../test/fixtures/test-recorder.ts';
import { changedKnobs, refusalsOf } from '../contract/carries.ts';
import type { ClientFleet, ClientLimits, Endpoint, InProcessClient } from '../contract/client-kind.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { type Policy, referencePolicy } from '../contract/policy.ts';
import { makeCertificate } from '../target/certificate.ts';
import { inProcessClients } from './index.ts';

const servers: Server[] = [];
const fleets: ClientFleet[] = [];
afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()));
  for (const server of servers.splice(0)) server.close();
});

/** Calls back for each complete request (headers and declared body), with its number on the connection, from 1. */
type OnRequest = (socket: Socket, count: number, head: string) => void;

async function serve(
  onRequest: OnRequest,
): Promise<{ port: number; accepted: () => number; heads: string[] }> {
  let accepted = 0;
  const heads: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted++;
    let count = 0;
    let text = '';
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (end === -1 || text.length < end + 4 + length) return;
        heads.push(text.slice(0, end));
        text = text.slice(end + 4 + length);
        onRequest(socket, ++count, heads[heads.length - 1]);
      }
    });
  });
  servers.push(server);
  return { port: await listen(server), accepted: () => accepted, heads };
}

/** Over TLS; answers every request. */
async function serveTls(): Promise<{ port: number; accepted: () => number; cert: string }> {
  let accepted = 0;
  const certificate = await makeCertificate('127.0.0.1');
  const server = createTlsServer(certificate, (socket) => {
    accepted++;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (chunk.toString('latin1').includes('\r\n\r\n')) socket.write(ok);
    });
  });
  servers.push(server);
  return { port: await listen(server), accepted: () => accepted, cert: certificate.cert };
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function plan(rows: number, method = 'POST', bodyBytes = 3): LoadPlan {
  return planOf({
    intendedNs: new Float64Array(rows),
    bodyBytes: new Uint32Array(rows).fill(bodyBytes),
    templates: [{ method, path: '/p', headers: { 'x-own': 'yes', connection: 'upgrade' } }],
    fingerprint: 'test',
  });
}

interface Trial {
  readonly recorder: TestRecorder;
  /** Starts the request and waits until it is over. */
  run(request: number): Promise<string | undefined>;
  start(request: number): void;
}

function open(
  kind: InProcessClient,
  port: number,
  change: {
    policy?: (policy: Policy) => Policy;
    limits?: Partial<ClientLimits>;
    plan?: LoadPlan;
    tls?: Endpoint['tls'];
  } = {},
): Trial {
  const recorder = new TestRecorder();
  const reference = referencePolicy(60_000);
  const fleet = kind.open({
    endpoint: { host: '127.0.0.1', port, authority: `127.0.0.1:${port}`, tls: change.tls ?? null },
    policy: change.policy?.(reference) ?? reference,
    limits: {
      connectionsPerClientMax: null,
      connectTimeoutMs: 5_000,
      requestTimeoutMs: 10_000,
      ...change.limits,
    },
    settings: 'policy',
    plan: change.plan ?? plan(20),
    recorder,
    onClientFree() {},
  });
  fleets.push(fleet);
  return {
    recorder,
    start: (request) => fleet.start(request),
    async run(request) {
      fleet.start(request);
      await expect.poll(() => recorder.outcomes.get(request), { timeout: 15_000, interval: 2 }).toBeDefined();
      return recorder.outcomes.get(request);
    },
  };
}

const retryOnce = (policy: Policy): Policy => ({
  ...policy,
  retry: { ...policy.retry, attemptsMax: 2, on: ['idle-race'] },
});

/** Where a kind differs from the contract's ideal, and why. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fetch: {
    'head-closes': 'undici closes a connection after each HEAD',
    'further-connection': 'the undici that Node ships opens one more connection after an abort',
    retry: 'fetch has no retry, and refuses the policy',
  },
  undici: { 'head-closes': 'undici closes a connection after each HEAD' },
};

for (const kind of inProcessClients) {
  await kind.load?.();
  const check = (name: string, body: () => Promise<void>) => test(`${kind.id}: ${name}`, body);
  const differs = (what: string) => exceptions[kind.id]?.[what] !== undefined;

  check('reuses a TLS connection to an address that its certificate names', async () => {
    const { port, accepted, cert } = await serveTls();
    const { recorder, run } = open(kind, port, {
      plan: plan(3, 'GET', 0),
      tls: { ca: cert, insecure: false },
    });
    for (const request of [0, 1, 2]) expect(await run(request)).toBe('ok');
    expect(accepted()).toBe(1);
    expect(recorder.sent.map(({ idleAgeNs }) => Number.isNaN(idleAgeNs))).toEqual([true, false, false]);
  });

  check('reuses a connection, one request after the other', async () => {
    const { port, accepted, heads } = await serve((socket) => socket.write(ok));
    const { recorder, run } = open(kind, port);
    for (const request of [0, 1, 2]) expect(await run(request)).toBe('ok');
    expect(accepted()).toBe(1);
    expect(recorder.sent.map(({ idleAgeNs }) => Number.isNaN(idleAgeNs))).toEqual([true, false, false]);
    expect(recorder.sent[1].idleAgeNs).toBeGreaterThan(0);
    expect([...recorder.statuses.values()]).toEqual([200, 200, 200]);
    expect(recorder.faults).toEqual([]);
    for (const [index, head] of heads.entries()) {
      expect(head).toMatch(/^POST \/p HTTP\/1\.1\r\n/);
      expect(head.toLowerCase()).toContain(`x-request-id: ${index}`);
      expect(head.toLowerCase()).toContain('x-own: yes');
      expect(head.toLowerCase()).not.toContain('upgrade');
      expect(head.toLowerCase().match(/^host:/gm)).toHaveLength(1);
    }
  });

  check('opens another connection while one is busy', async () => {
    const waiting: Socket[] = [];
    const { port } = await serve((socket) => waiting.push(socket));
    const { recorder, start } = open(kind, port);
    start(0);
    start(1);
    await expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(2);
    for (const socket of waiting) socket.write(ok);
    await expect.poll(() => recorder.outcomes.size, { timeout: 10_000 }).toBe(2);
    expect(recorder.connections).toBe(2);
  });

  check('waits in line where connections are limited', async () => {
    const { port, accepted } = await serve((socket) => setTimeout(() => socket.write(ok), 5));
    const { recorder, start } = open(kind, port, { limits: { connectionsPerClientMax: 1 } });
    for (const request of [0, 1, 2]) start(request);
    await expect.poll(() => recorder.outcomes.size, { timeout: 10_000 }).toBe(3);
    expect([...recorder.outcomes.values()]).toEqual(['ok', 'ok', 'ok']);
    expect(accepted()).toBe(1);
  });

  check('asks the server to close when nothing is reused', async () => {
    const { port, accepted, heads } = await serve((socket) => socket.end(ok));
    const policy = (one: Policy): Policy => ({ ...one, connection: { ...one.connection, reuse: false } });
    const { recorder, run } = open(kind, port, { policy });
    for (const request of [0, 1]) expect(await run(request)).toBe('ok');
    expect(accepted()).toBe(2);
    expect(heads.every((head) => /^connection: close$/im.test(head))).toBe(true);
    await expect.poll(() => recorder.openCount, { timeout: 5_000 }).toBe(0);
    expect(recorder.faults).toEqual([]);
  });

  check('a FIN instead of an answer on a reused connection is the race', async () => {
    const { port } = await serve((socket, count) => (count === 1 ? socket.write(ok) : socket.end()));
    const { recorder, run } = open(kind, port);
    expect(await run(0)).toBe('ok');
    expect(await run(1)).toBe('idle-race');
    expect(recorder.deaths).toMatchObject([
      { request: 1, attempt: 1, outcome: 'idle-race', sign: 'fin', bytesRead: 0 },
    ]);
    expect(recorder.deaths[0].bytesWritten).toBeGreaterThan(50);
    expect(recorder.deaths[0].idleAgeNs).toBeGreaterThan(0);
    expect(recorder.faults).toEqual([]);
  });

  check('an RST instead of an answer on a reused connection is the race', async () => {
    const { port } = await serve((socket, count) =>
      count === 1 ? socket.write(ok) : socket.resetAndDestroy(),
    );
    const { recorder, run } = open(kind, port);
    await run(0);
    expect(await run(1)).toBe('idle-race');
    expect(recorder.deaths).toMatchObject([{ outcome: 'idle-race', sign: 'rst' }]);
  });

  check('the same on a fresh connection is not', async () => {
    const fin = await serve((socket) => socket.end());
    expect(await open(kind, fin.port).run(0)).toBe('eof');
    const rst = await serve((socket) => socket.resetAndDestroy());
    expect(await open(kind, rst.port).run(0)).toBe('reset');
  });

  check('a retry goes out at once on a fresh connection, or is refused', async () => {
    const pooled = retryOnce(referencePolicy(60_000));
    const policy: Policy = { ...pooled, retry: { ...pooled.retry, connection: 'pooled' } };
    const refused = refusalsOf(kind.carries, changedKnobs(policy, 60_000), policy);
    expect(refused.length > 0).toBe(differs('retry'));
    if (refused.length > 0) return;
    const { port, accepted } = await serve((socket, count) =>
      count === 1 ? socket.write(ok) : socket.end(),
    );
    const { recorder, run } = open(kind, port, { policy: retryOnce });
    await run(0);
    expect(await run(1)).toBe('ok');
    expect(accepted()).toBe(2);
    expect(recorder.sent.filter(({ request }) => request === 1).map(({ attempt }) => attempt)).toEqual([
      1, 2,
    ]);
    expect(recorder.deaths).toHaveLength(1);
    expect(recorder.faults).toEqual([]);
  });

  check('a death that is not the race is not retried', async () => {
    const { port } = await serve((socket) => socket.end());
    const { recorder, run } = open(kind, port, { policy: retryOnce });
    expect(await run(0)).toBe('eof');
    expect(recorder.sent).toHaveLength(1);
  });

  check('a FIN on an idle connection kills nothing', async () => {
    const { port, accepted } = await serve((socket) => {
      socket.write(ok);
      setTimeout(() => socket.end(), 20);
    });
    const { recorder, run } = open(kind, port);
    await run(0);
    await expect.poll(() => recorder.openCount, { timeout: 10_000 }).toBe(0);
    expect(await run(1)).toBe('ok');
    expect(accepted()).toBe(2);
    expect(recorder.causes.get(0)).toBe('server-idle');
  });

  check('a status of 400 or more is an answer and a failure', async () => {
    const { port } = await serve((socket) => socket.write('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n'));
    const { recorder, run } = open(kind, port);
    expect(await run(0)).toBe('status');
    expect(recorder.deaths).toEqual([]);
  });

  check('204, HEAD, chunks and a body that ends with the connection are complete answers', async () => {
    const answers: [string, string][] = [
      ['POST', 'HTTP/1.1 204 No\r\n\r\n'],
      ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'],
      ['GET', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
    ];
    for (const [method, answer] of answers) {
      const { port, accepted } = await serve((socket) => socket.write(answer));
      const { run } = open(kind, port, { plan: plan(3, method, 0) });
      for (const request of [0, 1]) expect(await run(request)).toBe('ok');
      expect(accepted()).toBe(method === 'HEAD' && differs('head-closes') ? 2 : 1);
    }
    const { port, accepted } = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'));
    const { run } = open(kind, port);
    for (const request of [0, 1]) expect(await run(request)).toBe('ok');
    expect(accepted()).toBe(2);
  });

  check('a large body arrives whole', async () => {
    const { port, heads } = await serve((socket) => socket.write(ok));
    const { run } = open(kind, port, { plan: plan(2, 'POST', 200_000) });
    expect(await run(0)).toBe('ok');
    expect(await run(1)).toBe('ok');
    expect(heads).toHaveLength(2);
  });

  check('a close in the middle of a body is no race', async () => {
    const { port } = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'));
    const { recorder, run } = open(kind, port);
    expect(await run(0)).toBe('eof');
    expect(recorder.deaths[0]).toMatchObject({ sign: 'fin', bytesRead: 42 });
  });

  check('garbage is a protocol failure', async () => {
    const { port } = await serve((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    expect(await open(kind, port).run(0)).toBe('protocol');
  });

  check('nobody listening is refused', async () => {
    const { port } = await serve(() => {});
    await new Promise((resolve) => servers.splice(0)[0].close(resolve));
    const { recorder, run } = open(kind, port);
    expect(await run(0)).toBe('refused');
    expect(recorder.faults).toEqual([]);
  });

  check('no answer is a timeout, and the connection is not used again', async () => {
    const { port, accepted } = await serve((socket, _, head) => {
      if (!/x-request-id: 0/i.test(head)) socket.write(ok);
    });
    const { recorder, run } = open(kind, port, { limits: { requestTimeoutMs: 100 } });
    expect(await run(0)).toBe('timeout');
    // On a busy machine a request may time out although the server answers.
    let request = 1;
    while ((await run(request)) === 'timeout' && request < 19) request++;
    expect(recorder.outcomes.get(request)).toBe('ok');
    expect(recorder.deaths.map(({ outcome }) => outcome)).toEqual(Array(request).fill('timeout'));
    const connections = recorder.sent.map(({ connection }) => connection);
    expect(new Set(connections).size).toBe(connections.length);
    await expect.poll(accepted).toBeGreaterThan(request);
  });

  check('closing ends what is under way as aborted', async () => {
    const { port, heads } = await serve(() => {});
    const { recorder, start } = open(kind, port);
    start(0);
    await expect.poll(() => heads.length, { timeout: 10_000 }).toBe(1);
    await fleets.splice(0)[0].close();
    expect(recorder.outcomes.get(0)).toBe('aborted');
    expect(recorder.deaths).toHaveLength(1);
    expect(recorder.faults).toEqual([]);
  });
}

test('lean: a retry that waits in line still goes out on a fresh connection', async () => {
  const [lean] = inProcessClients.filter(({ id }) => id === 'lean');
  let answerSlow = () => {};
  const { port, accepted } = await serve((socket, _, head) => {
    const request = /x-request-id: (\d+)/i.exec(head)?.[1];
    if (request === '2') answerSlow = () => socket.write(ok);
    // The first attempt at request 1 meets a close, on the connection that carried request 0.
    else if (request === '1' && accepted() === 1) socket.end();
    else socket.write(ok);
  });
  const { recorder, run, start } = open(lean, port, {
    policy: (one) => ({ ...retryOnce(one), retry: { ...retryOnce(one).retry, backoffMs: 20 } }),
    limits: { connectionsPerClientMax: 1 },
  });
  expect(await run(0)).toBe('ok');
  start(1);
  await expect.poll(() => recorder.deaths.length, { timeout: 10_000, interval: 1 }).toBe(1);
  // It takes the only place before the wait is over, and leaves its connection idle.
  start(2);
  await new Promise((resolve) => setTimeout(resolve, 60));
  answerSlow();
  await expect.poll(() => recorder.outcomes.get(1), { timeout: 10_000 }).toBe('ok');
  const again = recorder.sent.filter(({ request, attempt }) => request === 1 && attempt === 2);
  expect(again).toMatchObject([{ idleAgeNs: Number.NaN, connection: 2 }]);
  expect(recorder.faults).toEqual([]);
});
