/** Probes of real servers in this process: every finding, with timeouts short enough for a test. */
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listen } from '../../../test/fixtures/listen.ts';
import { watchStalls } from '../../../test/fixtures/longest-stall.ts';
import { ProbeBudget, planBudget } from './probe-budget.ts';
import type { ProbeFindings } from './probe-findings.ts';
import { probePage } from './probe-page.ts';
import { probeServer } from './probe-server.ts';
import { recommend, verifyingMatrix } from './recommend.ts';

const servers: (Server | HttpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function serve(server: Server | HttpServer): Promise<number> {
  servers.push(server);
  return listen(server);
}

const lags = { serverLagMs: 30, clientLagMs: 20 };

function probe(port: number, longestMs = 1_200) {
  return probeServer({
    url: `http://127.0.0.1:${port}/`,
    endpoint: { host: '127.0.0.1', port, authority: `127.0.0.1:${port}`, tls: null },
    path: '/',
    budget: new ProbeBudget(planBudget(180, 15)),
    longestMs,
    answerMs: 2_000,
    lags,
    signal: new AbortController().signal,
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
  const port = await serve(server);
  const longestStallMs = watchStalls();
  const found = await probe(port);
  // The client may read the answer late or the FIN (docs/law.md), and the server's timer may be late.
  const slackMs = 5 + 3 * longestStallMs();
  expect(found.idleTimeout.fromMs).toBeGreaterThan(400 - slackMs);
  expect(found.idleTimeout.fromMs).toBeLessThan(400 + slackMs);
  expect(found.idleTimeout.isSilent).toBe(false);
  expect(found).toMatchObject({ endings: ['fin'], pipelining: true, http2: false });
  expect(found.requestsPerConnection).toEqual({ limit: null, noneUpTo: 15 });
  expect(found.requestsSent).toBeLessThanOrEqual(180);
}, 60_000);

test('probeServer() tells RST and 408 from FIN, a limit of requests, and a hint that is not kept', async () => {
  const rst = await probe(await serve(raw(ok, (socket) => socket.resetAndDestroy(), 300)));
  expect(rst.endings).toEqual(['rst']);
  const late = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
  const hinting = ok.replace('\r\n\r\n', '\r\nKeep-Alive: timeout=5\r\n\r\n');
  const told = await probe(await serve(raw(hinting, (socket) => socket.end(late), 300)));
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
  const few = await probe(await serve(limited), 1_000);
  expect(few.requestsPerConnection).toEqual({ limit: 4, noneUpTo: null });
  expect(answered).toBeGreaterThan(4);
}, 60_000);

const found: ProbeFindings = {
  url: 'http://127.0.0.1:8080/path',
  requestsSent: 100,
  roundTripMs: { p50: 1, min: 1, max: 10 },
  responseTimeMsP50: 1,
  idleTimeout: {
    ...{ noneUpToMs: null, fromMs: 5_000, toMs: 5_010, errorMs: 100, stepMs: 80 },
    ...{ connections: 16, confirmedMs: 4_860, failedAtMs: [], isSilent: false },
  },
  hintSeconds: null,
  isHintTruthful: null,
  requestsPerConnection: { limit: null, noneUpTo: 120 },
  endings: ['fin'],
  secondHop: {
    ...{ says: 'not-seen', timeoutMs: null, errorMs: null, stepMs: null, upToMs: 4_500 },
    ...{ badGatewaysAtMs: [], signs: [], why: 'looked' },
  },
  pipelining: true,
  http2: false,
};
const withIdle = (more: Partial<ProbeFindings['idleTimeout']>, hintSeconds: number | null = null) => ({
  ...{ ...found, hintSeconds },
  idleTimeout: { ...found.idleTimeout, ...more },
});

test('recommend() takes step, round trip and both lags off the shortest lifetime', () => {
  const { evictAtMs, arithmetic, promisedMs } = recommend(found, lags);
  expect([evictAtMs, promisedMs]).toEqual([4_860, 5_000]);
  // No more digits than a probe can know.
  expect(recommend(withIdle({ fromMs: 1_499.711 }), lags).promisedMs).toBe(1_499);
  expect(arithmetic).toBe(
    "5000 ms shortest lifetime seen − 80 ms step between the probe's connections − 10 ms longest round trip − 30 ms server lag − 20 ms client lag = 4860 ms",
  );
  expect(verifyingMatrix(found, evictAtMs)).toContain('marginMs: 140');
  expect(probePage(found, recommend(found, lags))).toContain(
    'Clients should drop a connection that was idle for 4.86 s',
  );
});

test('recommend() never goes past the promise of the server', () => {
  const { evictAtMs, promisedMs, arithmetic, advice } = recommend(
    withIdle({ fromMs: 6_000, confirmedMs: 5_860 }, 5),
    lags,
  );
  expect([evictAtMs, promisedMs]).toEqual([4_940, 5_000]);
  expect(arithmetic).toContain('5000 ms promised by the server');
  expect(advice.join()).toContain('closes after 6 s, but promises only 5 s');
  const unseen = withIdle({ fromMs: null, toMs: null, confirmedMs: null, noneUpToMs: 10_000 }, 75);
  expect(recommend(unseen, lags)).toMatchObject({ evictAtMs: 74_940, promisedMs: 75_000 });
  expect(recommend(withIdle({ fromMs: 2_000, confirmedMs: 1_860 }, 5), lags).evictAtMs).toBe(1_860);
  // Node rounds 0.6 s down to a hint of 0.
  expect(recommend(withIdle({ fromMs: 600, confirmedMs: 460 }, 0), lags)).toMatchObject({
    ...{ evictAtMs: 460, promisedMs: 600 },
  });
});

test('recommend() goes down with failed confirmations, to nothing when none held', () => {
  const lowered = withIdle({ fromMs: 4_860, failedAtMs: [4_860], confirmedMs: 4_252 });
  expect(recommend(lowered, lags)).toMatchObject({ evictAtMs: 4_252 });
  expect(recommend(lowered, lags).arithmetic).toContain('requests failed after 4.86 s');
  const none = withIdle({ fromMs: 100, failedAtMs: [4_860, 100], confirmedMs: null });
  expect(recommend(none, lags)).toMatchObject({ evictAtMs: 0 });
  const untried = recommend(withIdle({ confirmedMs: null }), lags);
  expect(untried.evictAtMs).toBe(4_860);
  expect(untried.advice.join()).toContain('No request confirmed this age');
});

test('advice goes no further than the probe looked', () => {
  const unseen = withIdle({ fromMs: null, toMs: null, confirmedMs: null, noneUpToMs: 3_000 });
  expect(recommend(unseen, lags).evictAtMs).toBeNull();
  expect(probePage(unseen, recommend(unseen, lags))).toContain(
    'Clients need not drop a connection that was idle for less than 3 s:\n  no connection was closed within 3 s; longer idle times were not tried, see --longest',
  );
});

test('a server that closes after each answer: a connection for each request, and no matrix', () => {
  const closing = {
    ...withIdle({ fromMs: 0.06, toMs: 0.2, confirmedMs: null }),
    requestsPerConnection: { limit: 1, noneUpTo: null },
  };
  const { evictAtMs, arithmetic, advice } = recommend(closing, lags);
  expect(evictAtMs).toBe(0);
  expect(arithmetic).toMatch(/ client lag: no idle time is safe$/);
  expect(advice.join(' ')).not.toContain('No request confirmed');
  expect(advice).toContain('The server closes a connection after each request.');
  expect(probePage(closing, recommend(closing, lags))).toContain('open a connection for each request:');
  expect(verifyingMatrix(closing, evictAtMs)).toBeNull();
});

test('planBudget() refuses a limit that cannot do, and keeps within one that can', () => {
  expect(() => planBudget(10, 120)).toThrow('at least');
  for (const limit of [98, 150, 550, 5_000]) {
    const all = Object.values(planBudget(limit, 120)).reduce((sum, count) => sum + count, 0);
    expect(all).toBeLessThanOrEqual(limit);
  }
});
