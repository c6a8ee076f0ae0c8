/** The wire against its own specification: never early, in order, and FIN, RST and half-closes as in a network. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listen } from '../../../test/fixtures/listen.ts';
import { nowNs } from '../../base/time/clock.ts';
import { wireEvents } from '../../contract/wire.ts';
import { WireProxy } from './proxy.ts';

const rttMs = 30;
const delayMs = rttMs / 2;
/** Clocks and event loops of one process: nothing may be earlier than due by more than this. */
const slackMs = 0.05;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    closing.push(() => socket.destroy());
    socket.on('error', () => {});
    onConnection(socket);
  });
  closing.push(() => server.close());
  return { server, port: await listen(server) };
}

async function through(port: number, rtt = rttMs): Promise<{ proxy: WireProxy; client: Socket; sawMs: Saw }> {
  const proxy = new WireProxy({
    listenHost: '127.0.0.1',
    listenPort: 0,
    targetHost: '127.0.0.1',
    targetPort: port,
    rttMs: rtt,
  });
  const wirePort = await proxy.listen();
  closing.push(() => proxy.close());
  const client = connect({ port: wirePort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  closing.push(() => client.destroy());
  return { proxy, client, sawMs: watch(client) };
}

/** When something first happened on a socket, in ms on one axis for both ends. */
interface Saw {
  data?: number;
  end?: number;
  reset?: number;
  text: string;
}

const nowMs = () => nowNs() / 1e6;

function watch(socket: Socket): Saw {
  const saw: Saw = { text: '' };
  socket.on('data', (chunk: Buffer) => {
    saw.data ??= nowMs();
    saw.text += chunk.toString('latin1');
  });
  socket.on('end', () => {
    saw.end ??= nowMs();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') saw.reset ??= nowMs();
  });
  return saw;
}

const seen = (what: () => unknown) => expect.poll(what, { timeout: 10_000, interval: 2 }).toBeTruthy();

function events(proxy: WireProxy): string[] {
  return [...proxy.report().event].map((code) => wireEvents[code]);
}

test('bytes cross the wire in half a round trip each way, a new connection’s first after one and a half', async () => {
  let server: Saw | undefined;
  let answeredMs = 0;
  const { port } = await serve((socket) => {
    server = watch(socket);
    socket.on('data', () => {
      answeredMs = nowMs();
      socket.write('pong');
    });
  });
  const startedMs = nowMs();
  const { client, sawMs, proxy } = await through(port);
  client.write('ping');
  await seen(() => sawMs.data);
  expect((server?.data ?? 0) - startedMs).toBeGreaterThanOrEqual(3 * delayMs - slackMs);
  expect((sawMs.data ?? 0) - answeredMs).toBeGreaterThanOrEqual(delayMs - slackMs);
  // A second exchange on the same connection: one round trip.
  sawMs.data = undefined;
  const againMs = nowMs();
  client.write('ping');
  await seen(() => sawMs.data);
  expect((sawMs.data ?? 0) - againMs).toBeGreaterThanOrEqual(rttMs - slackMs);
  expect(events(proxy)).toEqual([
    'accepted',
    'request-bytes',
    'response-bytes',
    'request-bytes',
    'response-bytes',
  ]);
});

test('bytes never overtake each other, not even those that follow a new connection’s first', async () => {
  let text = '';
  const { port } = await serve((socket) => socket.on('data', (chunk) => (text += chunk)));
  const { client } = await through(port);
  const expected = Array.from({ length: 200 }, (_, index) => `${index},`).join('');
  for (let index = 0; index < 200; index++) {
    client.write(`${index},`);
    if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await expect.poll(() => text.length, { timeout: 10_000 }).toBe(expected.length);
  expect(text).toBe(expected);
});

test('a FIN of the server reaches the client half a round trip later; the other direction stays open', async () => {
  let server: Saw | undefined;
  let finMs = 0;
  const { port } = await serve((socket) => {
    server = watch(socket);
    socket.once('data', () => {
      finMs = nowMs();
      socket.end();
    });
  });
  const { client, sawMs, proxy } = await through(port);
  client.write('a');
  await seen(() => sawMs.end);
  expect((sawMs.end ?? 0) - finMs).toBeGreaterThanOrEqual(delayMs - slackMs);
  // The server has only closed its own direction: it still reads, and no RST comes back.
  client.write('b');
  await expect.poll(() => server?.text, { timeout: 10_000 }).toBe('ab');
  client.end();
  await seen(() => server?.end);
  expect(sawMs.reset).toBeUndefined();
  expect(events(proxy).filter((event) => event.startsWith('rst'))).toEqual([]);
});

/** When the wire sent an RST to the client, ms. Node's own client does not look for it once it has read a FIN. */
function rstMs(proxy: WireProxy): number | undefined {
  const { event, atNs } = proxy.report();
  const row = event.indexOf(wireEvents.indexOf('rst-to-client'));
  return row === -1 ? undefined : atNs[row] / 1e6;
}

test('a request that crosses the server’s close comes back as an RST, a round trip after it was sent', async () => {
  const { port } = await serve((socket) => socket.once('data', () => socket.destroy()));
  const { client, sawMs, proxy } = await through(port);
  client.write('a');
  await seen(() => sawMs.end);
  const sentMs = nowMs();
  client.write('too late');
  await seen(() => rstMs(proxy));
  expect((rstMs(proxy) ?? 0) - sentMs).toBeGreaterThanOrEqual(rttMs - slackMs);
});

test('a request written while the FIN is on its way sees the FIN first and then the RST', async () => {
  let closedMs = 0;
  const { port } = await serve((socket) =>
    socket.once('data', () => {
      socket.destroy();
      closedMs = nowMs();
    }),
  );
  const { client, sawMs, proxy } = await through(port);
  client.write('a');
  await seen(() => closedMs);
  const sentMs = nowMs();
  client.write('b');
  await seen(() => rstMs(proxy));
  expect(sentMs).toBeLessThan(sawMs.end ?? 0);
  expect(rstMs(proxy)).toBeGreaterThan(sawMs.end ?? 0);
  expect((rstMs(proxy) ?? 0) - sentMs).toBeGreaterThanOrEqual(rttMs - slackMs);
});

test('an RST of the server reaches the client half a round trip later, and one of the client the server', async () => {
  let resetMs = 0;
  const first = await serve((socket) =>
    socket.once('data', () => {
      resetMs = nowMs();
      socket.resetAndDestroy();
    }),
  );
  const { client, sawMs } = await through(first.port);
  client.write('a');
  await seen(() => sawMs.reset);
  expect((sawMs.reset ?? 0) - resetMs).toBeGreaterThanOrEqual(delayMs - slackMs);

  let server: Saw | undefined;
  const second = await serve((socket) => {
    server = watch(socket);
  });
  const other = await through(second.port);
  other.client.write('a');
  await seen(() => server?.data);
  const ownMs = nowMs();
  other.client.resetAndDestroy();
  await seen(() => server?.reset);
  expect((server?.reset ?? 0) - ownMs).toBeGreaterThanOrEqual(delayMs - slackMs);
});

test('nobody behind the wire is an RST to the client', async () => {
  const { server, port } = await serve(() => {});
  await new Promise((resolve) => server.close(resolve));
  const { sawMs } = await through(port);
  await seen(() => sawMs.reset);
});

test('10 MiB arrive whole and in order through a slow reader', async () => {
  const size = 10 * 2 ** 20;
  let received = 0;
  let inOrder = true;
  const { port } = await serve((socket) => {
    socket.on('data', (chunk: Buffer) => {
      for (let index = 0; index < chunk.length; index += 4_099) {
        if (chunk[index] !== (received + index) % 251) inOrder = false;
      }
      received += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), 1);
    });
  });
  const { client } = await through(port, 4);
  const block = Buffer.from(Uint8Array.from({ length: size }, (_, index) => index % 251));
  client.write(block);
  await expect.poll(() => received, { timeout: 25_000 }).toBe(size);
  expect(inOrder).toBe(true);
}, 30_000);

test('hundreds of connections at once each get their own answer', async () => {
  const { port } = await serve((socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => socket.end());
  });
  const proxy = new WireProxy({
    listenHost: '127.0.0.1',
    listenPort: 0,
    targetHost: '127.0.0.1',
    targetPort: port,
    rttMs: 10,
  });
  const wirePort = await proxy.listen();
  closing.push(() => proxy.close());
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, index) => {
      const client = connect({ port: wirePort, host: '127.0.0.1' });
      client.write(`number ${index}`);
      return new Promise<string>((resolve) => {
        client.on('data', (chunk) => {
          resolve(chunk.toString());
          client.end();
        });
      });
    }),
  );
  expect(answers).toEqual(Array.from({ length: 300 }, (_, index) => `number ${index}`));
  const { connections, latenessMs } = proxy.report();
  expect(connections).toBe(300);
  expect(latenessMs.p50).toBeGreaterThanOrEqual(0);
});

test('close() ends every connection, however clients and server left them', async () => {
  // Descriptors that the event loop still watches, which no event tells of.
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  // Those of the tests before are on their way out.
  await expect.poll(sockets, { timeout: 5_000 }).toBe(0);
  const { port: target } = await serve((socket) => {
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
    // Closes early, so that requests cross its FIN and come back as an RST while the FIN is being passed on.
    socket.on('data', () => setTimeout(() => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'), 3));
  });
  const proxy = new WireProxy({
    listenHost: '127.0.0.1',
    listenPort: 0,
    targetHost: '127.0.0.1',
    targetPort: target,
    rttMs: 4,
  });
  const port = await proxy.listen();
  const clients = await Promise.all(
    Array.from({ length: 400 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index / 2));
      const socket = connect({ host: '127.0.0.1', port });
      socket.on('error', () => {});
      socket.write('x');
      const leave = [
        () => socket.resetAndDestroy(),
        // FIN and RST cross the wire together.
        () => socket.end(() => socket.resetAndDestroy()),
        () => socket.destroy(),
        () => socket.write('y'),
      ][index % 4];
      setTimeout(leave, index % 11);
      return socket;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 6));
  const closed = proxy.close().then(() => 'closed');
  const waited = new Promise((resolve) => setTimeout(() => resolve('a connection is left'), 5_000));
  expect(await Promise.race([closed, waited])).toBe('closed');
  for (const client of clients) client.destroy();
  await expect.poll(sockets, { timeout: 5_000 }).toBe(0);
});
