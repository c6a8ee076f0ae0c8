/** Probes of real servers in this process: every finding, with timeouts short enough for a test. */
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ProbeBudget, planBudget } from './probe-budget.ts';
import { probePage } from './probe-page.ts';
import { probeServer } from './probe-server.ts';
import { recommend, verifyingMatrix } from './recommend.ts';

const servers: (Server | HttpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen<Kind extends Server | HttpServer>(server: Kind): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function probe(port: number, longestMs = 1_200) {
  return probeServer({
    url: `http://127.0.0.1:${port}/`,
    endpoint: { host: '127.0.0.1', port, authority: `127.0.0.1:${port}`, tls: null },
    path: '/',
    budget: new ProbeBudget(planBudget(110, 15)),
    longestMs,
    answerMs: 2_000,
    onProgress() {},
  });
}

/** Answers on raw connections, and does what it is told when they have been idle. */
function raw(answer: string, onIdle: (socket: Socket) => void, idleMs: number): Server {
  return createServer((socket) => {
    let timer: NodeJS.Timeout | undefined;
    socket.on('error', () => {});
    socket.on('close', () => clearTimeout(timer));
    socket.on('data', (chunk) => {
      clearTimeout(timer);
      for (const _ of chunk.toString('latin1').matchAll(/\r\n\r\n/g)) socket.write(answer);
      timer = setTimeout(() => onIdle(socket), idleMs);
    });
  });
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('probeServer() of node:http finds its timeout, its hint and what it leaves alone', async () => {
  const server = createHttp({ keepAliveTimeout: 400 }, (_, response) => response.end('ok'));
  server.keepAliveTimeoutBuffer = 0;
  const found = await probe(await listen(server));
  expect(found.idleTimeout.timeoutMs).toBeGreaterThan(395);
  // As late as a busy machine makes a timer.
  expect(found.idleTimeout.timeoutMs).toBeLessThan(900);
  expect(found.idleTimeout.isSilent).toBe(false);
  expect(found).toMatchObject({ endings: ['fin'], pipelining: true, http2: false });
  expect(found.requestsPerConnection).toEqual({ limit: null, noneUpTo: 15 });
  expect(found.requestsSent).toBeLessThanOrEqual(110);
}, 60_000);

test('probeServer() tells RST and 408 from FIN, a limit of requests, and a hint that is not kept', async () => {
  const rst = await probe(await listen(raw(ok, (socket) => socket.resetAndDestroy(), 300)));
  expect(rst.endings).toEqual(['rst']);
  const late = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
  const hinting = ok.replace('\r\n\r\n', '\r\nKeep-Alive: timeout=5\r\n\r\n');
  const told = await probe(await listen(raw(hinting, (socket) => socket.end(late), 300)));
  expect(told).toMatchObject({ endings: ['408'], hintSeconds: 5, isHintTruthful: false });
  let answered = 0;
  const limited = createServer((socket) => {
    let own = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      own++;
      answered++;
      socket.write(own < 4 ? ok : ok.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
      if (own === 4) socket.end();
    });
  });
  const few = await probe(await listen(limited), 1_000);
  expect(few.requestsPerConnection).toEqual({ limit: 4, noneUpTo: null });
  expect(answered).toBeGreaterThan(4);
}, 60_000);

test('recommend() takes round trip, lag and error off the shortest timeout; the matrix is one that runs', async () => {
  const found = await probe(await listen(raw(ok, (socket) => socket.end(), 500)), 1_000);
  const exact = {
    ...found,
    roundTripMs: { p50: 1, min: 1, max: 10 },
    idleTimeout: { ...found.idleTimeout, timeoutMs: 5_000, fromMs: 5_000, toMs: 5_000 },
  };
  const { evictAtMs, arithmetic } = recommend(exact, 50);
  expect(evictAtMs).toBe(4_840);
  expect(arithmetic).toBe(
    '5000 ms shortest idle timeout seen − 10 ms longest round trip − 50 ms lag − 100 ms error of the probe = 4840 ms',
  );
  expect(verifyingMatrix(exact, evictAtMs)).toContain('marginMs: 160');
  expect(probePage(exact, recommend(exact, 50))).toContain(
    'Clients should drop a connection that was idle for 4.84 s',
  );
}, 60_000);

test('planBudget() refuses a limit that cannot do, and keeps within one that can', () => {
  expect(() => planBudget(10, 120)).toThrow('at least');
  for (const limit of [80, 150, 450, 5_000]) {
    const all = Object.values(planBudget(limit, 120)).reduce((sum, count) => sum + count, 0);
    expect(all).toBeLessThanOrEqual(limit);
  }
});
