/** Each fault as it looks on the wire to a raw socket, over TCP and over TLS, and in the books. */
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import {
  answer200,
  closePeers,
  type End,
  onTheWire,
  openPeer,
  outage,
  Peer,
} from '../../test/fixtures/fault-wire.ts';
import { listen } from '../../test/fixtures/listen.ts';
import { type FaultKind, faultCode, faultKinds } from '../contract/fault.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { EmbeddedServer, type EmbeddedSetup } from './embedded-server.ts';

const certificate = await makeCertificate('127.0.0.1');
const closers: (() => unknown)[] = [];
afterEach(async () => {
  closePeers();
  await Promise.all(closers.splice(0).map((close) => close()));
});

const faultMs = 150;

/** @param script Request id → its fault. */
async function serve(
  script: Readonly<Record<number, FaultKind>>,
  tls: Certificate | null = null,
  serviceMs = 0,
) {
  const faults = new Uint8Array(10);
  for (const [request, kind] of Object.entries(script)) faults[Number(request)] = faultCode[kind];
  const setup: EmbeddedSetup = {
    config: {
      kind: 'embedded',
      idleTimeoutMs: 60_000,
      idleJitterMs: 0,
      tls: tls !== null,
      insecure: false,
      advertise: 'idle-timeout',
      serviceMs: { kind: 'fixed', value: serviceMs },
      serviceBy: 'wait',
      responseBytes: { kind: 'fixed', value: 9 },
      faults: {},
      faultMs,
    },
    idleTimeoutMs: 60_000,
    host: '127.0.0.1',
    port: 0,
    seed: 1,
    requestCount: 10,
    faults,
    tls,
  };
  const server = new EmbeddedServer(setup);
  closers.push(() => server.close());
  return { ledger: server.books.ledger, port: await server.listen() };
}

const rows = (Object.keys(onTheWire) as (keyof typeof onTheWire)[]).flatMap((kind) =>
  [false, true].map((tls) => ({ kind, tls, ...onTheWire[kind] })),
);

test.each(rows)(
  '$kind (tls $tls): $end, executed $executions times',
  async ({ kind, tls, end, text, executions, answers }) => {
    const { ledger, port } = await serve({ 3: kind }, tls ? certificate : null);
    const peer = await openPeer('127.0.0.1', port, tls ? certificate.cert : null);
    await peer.post(3);
    await peer.until(
      () =>
        (end === 'open' ? peer.text !== '' || kind === 'black-hole' : peer.end !== 'open') &&
        text.test(peer.text) &&
        ledger.executions[3] === executions,
    );
    // Long enough for what must not happen.
    await sleep(40);
    expect([peer.end, peer.text]).toEqual([end, expect.stringMatching(text)]);
    expect([ledger.executions[3], ledger.answers[3]]).toEqual([executions, answers]);
    expect(Number.isNaN(ledger.noticedNs[3])).toBe(executions === 0);
  },
);

test('the table above has every fault but the two that need more', () => {
  expect([...Object.keys(onTheWire), 'no-close-notify', 'refuse'].sort()).toEqual([...faultKinds].sort());
});

test('a fault happens once: the same request sent again is served, and so are others', async () => {
  const { ledger, port } = await serve({ 3: 'fin-executed' });
  const first = await openPeer('127.0.0.1', port);
  await first.post(3);
  await first.until(() => first.end === 'fin');
  const second = await openPeer('127.0.0.1', port);
  await second.post(3);
  await second.until(() => answer200.test(second.text));
  expect([ledger.executions[3], ledger.answers[3]]).toEqual([2, 1]);
});

test('half-close: the server reads on, and does not close', async () => {
  const { ledger, port } = await serve({ 3: 'half-close' });
  const peer = await openPeer('127.0.0.1', port);
  await peer.post(3);
  await peer.until(() => peer.end === 'fin');
  await peer.post(4);
  await peer.until(() => ledger.executions[4] === 1);
  expect(peer.socket.destroyed).toBe(false);
});

test('idle-fin waits while a request is under way', async () => {
  const { ledger, port } = await serve({ 3: 'idle-fin', 4: 'black-hole' });
  const peer = await openPeer('127.0.0.1', port);
  await peer.post(3);
  await peer.until(() => ledger.answers[3] === 1);
  await peer.post(4);
  await sleep(80);
  expect(peer.end).toBe('open');
});

test('refuse: nobody new for its time, connections that are there stay, then the same port again', async () => {
  const { ledger, port } = await serve({ 3: 'refuse', 4: 'refuse' });
  const peer = await openPeer('127.0.0.1', port);
  await peer.post(3);
  await peer.until(() => ledger.answers[3] === 1);
  await peer.post(4);
  await peer.until(() => ledger.answers[4] === 1);
  const refused = await openPeer('127.0.0.1', port).catch((error: NodeJS.ErrnoException) => error.code);
  expect(refused).toBe('ECONNREFUSED');
  await peer.post(5);
  await peer.until(() => ledger.answers[5] === 1);
  await expect
    .poll(() => openPeer('127.0.0.1', port).catch(() => null), { timeout: 5_000 })
    .toBeInstanceOf(Peer);
});

test('freeze: other connections wait too, and the frozen request is answered after its time', async () => {
  const { ledger, port } = await serve({ 3: 'freeze' });
  const peer = await openPeer('127.0.0.1', port);
  await peer.post(3);
  await peer.until(() => ledger.answers[3] === 1);
  expect((ledger.answeredNs[3] - ledger.noticedNs[3]) / 1e6).toBeGreaterThanOrEqual(faultMs - 1);
});

const comesBack = (port: number) =>
  expect.poll(() => openPeer('127.0.0.1', port).catch(() => null), { timeout: 5_000 }).toBeInstanceOf(Peer);

test('restart: idle connections end, requests under way are answered, then the same port again', async () => {
  const { ledger, port } = await serve({ 3: 'restart' }, null, 60);
  const { fault, idle, underWay } = await outage('127.0.0.1', port, { fault: 3, idle: 4, underWay: 5 });
  expect([fault.end, idle.end, underWay.end]).toEqual(['fin', 'fin', 'fin']);
  for (const { text } of [fault, idle, underWay]) expect(text).toMatch(answer200);
  expect(underWay.text).toMatch(/connection: close\r\n/i);
  expect([...ledger.answers.subarray(3, 6)]).toEqual([1, 1, 1]);
  await comesBack(port);
});

test('crash: every connection is cut, nothing under way is answered, then the same port again', async () => {
  const { ledger, port } = await serve({ 3: 'crash' }, null, 60);
  const { fault, idle, underWay } = await outage('127.0.0.1', port, { fault: 3, idle: 4, underWay: 5 });
  expect([fault.end, idle.end, underWay.end]).toEqual(['fin', 'fin', 'fin']);
  expect([fault.text, underWay.text]).toEqual(['', '']);
  expect([...ledger.executions.subarray(3, 6)]).toEqual([1, 1, 1]);
  expect([...ledger.answers.subarray(3, 6)]).toEqual([0, 1, 0]);
  await comesBack(port);
});

/** Passes bytes on and keeps those that came from the server since `mark`: TLS records, unread. */
async function relay(port: number) {
  const seen = { bytes: 0, end: 'open' as End };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      seen.bytes += chunk.length;
      client.write(chunk);
    });
    upstream.on('end', () => {
      seen.end = 'fin';
      client.end();
    });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    closers.push(
      () => client.destroy(),
      () => upstream.destroy(),
    );
  });
  closers.push(() => server.close());
  return { seen, port: await listen(server) };
}

// A record's header and tag (5 + 16), the alert (2), its type (1).
const closeNotifyBytes = 24;

test.each([
  ['no-close-notify', 0],
  ['fin-executed', closeNotifyBytes],
] as const)('%s over TLS: a FIN after %d bytes of goodbye', async (kind, bytes) => {
  const { ledger, port } = await serve({ 3: kind }, certificate);
  const between = await relay(port);
  const peer = await openPeer('127.0.0.1', between.port, certificate.cert);
  // A first answer, so that the session tickets have come.
  await peer.post(2);
  await peer.until(() => answer200.test(peer.text));
  await sleep(30);
  const before = between.seen.bytes;
  await peer.post(3);
  await peer.until(() => between.seen.end === 'fin');
  expect(between.seen.bytes - before).toBe(bytes);
  expect([ledger.executions[3], ledger.answers[3]]).toEqual([1, 0]);
});
