/**
 * The embedded target: Node's own HTTP server with an exact idle timeout, books of what it did, a
 * service time to order, and faults on purpose (`faults.ts`).
 *
 * Every timeout that Node would set by itself is set here, because those defaults are what idlerace
 * compares: the hidden second on top of the idle timeout (`keepAliveTimeoutBuffer`), header and
 * request timeouts, the `Keep-Alive` hint that Node adds by itself.
 */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { draw } from '../base/distribution.ts';
import { HarnessError } from '../base/errors.ts';
import { type Prng, prng } from '../base/prng.ts';
import { nowNs, systemClock } from '../base/time/clock.ts';
import { DelayLine } from '../base/time/delay-line.ts';
import { nsPerMs } from '../base/units.ts';
import type { FaultScript } from '../contract/fault.ts';
import { advertisedSeconds } from '../contract/target.ts';
import { FaultActs, listenBacklog } from './fault-acts.ts';
import { type Fault, FaultsToCome } from './faults.ts';
import type { EmbeddedConfig } from './plain-target.ts';
import { requestId, TargetBooks } from './target-books.ts';

export interface EmbeddedSetup {
  readonly config: EmbeddedConfig;
  /** null: none. */
  readonly idleTimeoutMs: number | null;
  readonly host: string;
  readonly port: number;
  readonly seed: number;
  readonly requestCount: number;
  /** null: no faults. */
  readonly faults: FaultScript | null;
  /** PEM; null for plain HTTP. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** It stood still on purpose, until now. */
  onFrozen?(): void;
  onConnection?(socket: Socket): void;
  onRequest?(request: http.IncomingMessage): void;
  onIdleClose?(socket: Socket, idleMs: number): void;
}

interface SocketNotes {
  underWay: number;
  answeredNs: number;
  /** Of this wait, ms; changes from wait to wait where the timeout has jitter. */
  idleTimeoutMs: number;
}

/** What a request needs until it is answered. */
interface Exchange {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly id: number;
  readonly bodyBytes: number;
  readonly notes: SocketNotes | undefined;
}

/** What is different about a complete answer. */
interface FaultOfAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Once it has been handed to the kernel. */
  after(): void;
}

/** Responses up to this size are one slice of one shared buffer. */
const bodyBytesMax = 16 * 1024 * 1024;

export class EmbeddedServer {
  readonly books: TargetBooks;
  readonly #setup: EmbeddedSetup;
  readonly #server: http.Server;
  readonly #notes = new WeakMap<Socket, SocketNotes>();
  readonly #random: Prng;
  readonly #jitter: Prng;
  readonly #waiting = new DelayLine(systemClock);
  readonly #faults: FaultsToCome;
  readonly #acts: FaultActs;
  #body = Buffer.alloc(65_536, 'x');

  constructor(setup: EmbeddedSetup) {
    this.#setup = setup;
    this.books = new TargetBooks(setup.requestCount);
    this.#random = prng(setup.seed, 'service');
    this.#jitter = prng(setup.seed, 'idle-jitter');
    this.#faults = new FaultsToCome(setup.faults);
    const onRequest: http.RequestListener = (request, response) => this.#onRequest(request, response);
    // 0 is Node's word for never.
    const keepAliveTimeout = Math.ceil(setup.idleTimeoutMs ?? 0);
    const options = { keepAliveTimeout, noDelay: true, keepAlive: false };
    this.#server =
      setup.tls === null
        ? http.createServer(options, onRequest)
        : https.createServer({ ...options, ...setup.tls }, onRequest);
    if (!('keepAliveTimeoutBuffer' in this.#server)) {
      throw new HarnessError(
        'target-start-failed',
        `Node ${process.version} adds a hidden second to its server's idle timeout; the embedded target needs 24.6 or newer.`,
        { hint: 'npx -p node@24 -p idlerace idlerace run' },
      );
    }
    this.#server.keepAliveTimeoutBuffer = 0;
    this.#server.headersTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.timeout = 0;
    this.#server.maxRequestsPerSocket = 0;
    this.#server.maxConnections = Number.MAX_SAFE_INTEGER;
    this.#server.on(setup.tls === null ? 'connection' : 'secureConnection', (socket: Socket) =>
      this.#onConnection(socket),
    );
    const { faultMs } = setup.config;
    this.#acts = new FaultActs(this.#server, this.#waiting, {
      faultMs,
      tls: setup.tls !== null,
      onFrozen: setup.onFrozen,
      isIdle: (socket) => (this.#notes.get(socket)?.underWay ?? 0) === 0,
    });
  }

  /** @returns The port. @throws HarnessError `port-taken` or `target-start-failed`. */
  listen(): Promise<number> {
    const { host, port } = this.#setup;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'EADDRINUSE' ? 'port-taken' : 'target-start-failed';
        reject(
          new HarnessError(code, `The target cannot listen on ${host}:${port}: ${error.message}.`, {
            cause: error,
          }),
        );
      });
      this.#server.listen({ host, port, backlog: listenBacklog }, () => {
        const address = this.#server.address() as AddressInfo;
        resolve(address.port);
      });
    });
  }

  close(): Promise<void> {
    this.#waiting.clear();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #onConnection(socket: Socket): void {
    const notes: SocketNotes = {
      underWay: 0,
      answeredNs: Number.NaN,
      idleTimeoutMs: this.#setup.idleTimeoutMs ?? Number.POSITIVE_INFINITY,
    };
    this.#notes.set(socket, notes);
    const connection = this.books.connectionOpened(nowNs());
    this.#setup.onConnection?.(socket);
    // Node's own listener came first and has destroyed the socket when this one runs.
    socket.on('timeout', () => {
      if (notes.underWay > 0 || Number.isNaN(notes.answeredNs)) return;
      const idleNs = nowNs() - notes.answeredNs;
      this.books.idleTimerLatenessNs.push(idleNs - notes.idleTimeoutMs * nsPerMs);
      this.#setup.onIdleClose?.(socket, idleNs / nsPerMs);
    });
    socket.on('close', () => this.books.connectionClosed(connection, nowNs()));
  }

  #onRequest(request: http.IncomingMessage, response: http.ServerResponse): void {
    const id = requestId(request.headers['x-request-id']);
    const fault = this.#faults.take(id);
    if (fault === null || fault.executed) this.books.executed(id, nowNs());
    const notes = this.#notes.get(request.socket);
    if (notes !== undefined) notes.underWay++;
    this.#setup.onRequest?.(request);
    const { config } = this.#setup;
    // Drawn at the request's arrival, so that draws do not depend on how long bodies take.
    const serviceMs = draw(config.serviceMs, this.#random);
    const bodyBytes = Math.min(bodyBytesMax, Math.round(draw(config.responseBytes, this.#random)));
    const exchange = { request, response, id, bodyBytes, notes };
    const answer =
      fault === null ? () => this.#answer(exchange, null) : () => this.#answerFaulty(exchange, fault);
    request.resume();
    request.on('end', () => {
      if (serviceMs === 0) answer();
      else if (config.serviceBy === 'burn') {
        burn(serviceMs);
        answer();
      } else this.#waiting.add(nowNs() + serviceMs * nsPerMs, answer);
    });
  }

  /** @param fault One that leaves the answer whole; null: none. */
  #answer(exchange: Exchange, fault: FaultOfAnswer | null): void {
    const { request, response, id, bodyBytes, notes } = exchange;
    if (isCut(exchange)) return;
    response.on('finish', () => {
      // Here Node arms its idle timer: the moment that the timer's lateness is counted from.
      if (notes !== undefined) {
        notes.answeredNs = nowNs();
        notes.underWay--;
        this.#drawIdleTimeout(request.socket, notes);
      }
      if (this.#acts.isLeaving(request.socket)) request.socket.destroySoon();
      if (fault !== null) fault.after();
    });
    const headers = this.#headers(request, bodyBytes);
    if (fault === null) response.writeHead(200, headers);
    else response.writeHead(fault.status, { ...headers, ...fault.headers });
    response.end(this.#bodyOf(bodyBytes));
    this.books.answered(id, nowNs());
  }

  /**
   * Apart from `#answer`, so that what a fault does for the first time does not make the engine throw
   * away, in the middle of a trial, the fast code of what every request does.
   */
  #answerFaulty(exchange: Exchange, { before, instead, after, status, headers }: Fault): void {
    if (isCut(exchange)) return;
    const connection = this.#acts.on(exchange.request.socket);
    before?.(connection);
    if (instead !== undefined) instead(connection);
    else {
      const change = { status: status ?? 200, headers: headers ?? {}, after: () => after?.(connection) };
      this.#answer(exchange, change);
    }
  }

  /** Replaces the timer that Node has just armed, where the timeout has jitter. */
  #drawIdleTimeout(socket: Socket, notes: SocketNotes): void {
    const { config, idleTimeoutMs } = this.#setup;
    if (config.idleJitterMs === 0 || idleTimeoutMs === null) return;
    notes.idleTimeoutMs = Math.ceil(idleTimeoutMs + this.#jitter() * config.idleJitterMs);
    socket.setTimeout(notes.idleTimeoutMs);
  }

  #headers(request: http.IncomingMessage, bodyBytes: number): http.OutgoingHttpHeaders {
    const close =
      request.headers.connection?.toLowerCase() === 'close' || this.#acts.isLeaving(request.socket);
    const { config, idleTimeoutMs } = this.#setup;
    const seconds = advertisedSeconds(config, idleTimeoutMs);
    return {
      'content-type': 'text/plain',
      'content-length': bodyBytes,
      // Said here, so that Node does not add a hint of its own.
      connection: close ? 'close' : 'keep-alive',
      ...(seconds !== null && !close ? { 'keep-alive': `timeout=${seconds}` } : {}),
    };
  }

  #bodyOf(bytes: number): Buffer {
    if (bytes > this.#body.length) this.#body = Buffer.alloc(bytes, 'x');
    return this.#body.subarray(0, bytes);
  }
}

/** The socket's `close`, which marks the response, comes later than the cut. */
function isCut({ request, response }: Exchange): boolean {
  return response.destroyed || request.socket.destroyed;
}

function burn(ms: number): void {
  const untilNs = nowNs() + ms * nsPerMs;
  while (nowNs() < untilNs);
}
