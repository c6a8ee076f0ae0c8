/**
 * The wire: a TCP proxy that delays everything by half a round trip each way, faithfully enough for
 * the idle race to happen on it as it does in a network.
 *
 * - Bytes, FIN and RST arrive d = RTT/2 later, in order.
 * - A connection reaches the server d after it was opened; its first bytes wait one RTT more, which
 *   stands for the handshake that loopback does at once.
 * - Half-closes stay half-closes.
 * - Bytes that reach a server which has closed come back as an RST, d later. The server's kernel
 *   answers them with an RST at once, but after a FIN Node no longer polls the socket; a second,
 *   empty write asks the kernel, and EPIPE is its answer. A half-closed server accepts both.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { HarnessError } from '../../base/errors.ts';
import { nowNs, systemClock } from '../../base/time/clock.ts';
import { DelayLine } from '../../base/time/delay-line.ts';
import { nsPerMs } from '../../base/units.ts';
import type { WireReport, WireSetup, WireSpan, wireEvents } from '../../contract/wire.ts';
import { WireLog } from './wire-log.ts';

type WireEvent = (typeof wireEvents)[number];

/** Bytes under way in one direction of one connection, above which its sender is paused. */
const underWayBytesMax = 1_048_576;

export class WireProxy {
  readonly #setup: WireSetup;
  readonly #delayNs: number;
  readonly #line = new DelayLine(systemClock);
  readonly #log = new WireLog();
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();

  constructor(setup: WireSetup) {
    this.#setup = setup;
    this.#delayNs = (setup.rttMs / 2) * nsPerMs;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: false }, (client) => {
      const pair = new Pair(client, this.#delayNs, this.#line, this.#log, setup, () =>
        this.#pairs.delete(pair),
      );
      this.#pairs.add(pair);
    });
  }

  /** @returns The port. @throws HarnessError `port-taken` or `wire-failed`. */
  listen(): Promise<number> {
    const { listenHost: host, listenPort: port } = this.#setup;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'EADDRINUSE' ? 'port-taken' : 'wire-failed';
        reject(
          new HarnessError(code, `The wire cannot listen on ${host}:${port}: ${error.message}.`, {
            cause: error,
          }),
        );
      });
      this.#server.listen({ host, port, backlog: 4_096 }, () => {
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** @param measured Left out: lateness of everything so far. */
  report(measured?: WireSpan): WireReport {
    return this.#log.report(measured);
  }

  close(): Promise<void> {
    this.#line.clear();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const pair of this.#pairs) pair.destroy();
    });
  }
}

/** One end of a pair, and what is on its way to it. */
interface End {
  readonly name: 'client' | 'server';
  readonly socket: Socket;
  /** No delivery to this end may come before the one before it. */
  lastDueNs: number;
  bytesUnderWay: number;
  /** The end itself has sent FIN, so that its RSTs are no longer noticed by reading. */
  hasEnded: boolean;
  quiet: boolean;
}

/** A client's connection and the one to the server that stands for its other end. */
class Pair {
  readonly #client: End;
  #serverEnd: End | null = null;
  readonly #delayNs: number;
  readonly #line: DelayLine;
  readonly #log: WireLog;
  readonly #port: number;
  readonly #firstBytesNs: number;
  #open = 1;
  readonly #onGone: () => void;
  #isGone = false;

  constructor(
    client: Socket,
    delayNs: number,
    line: DelayLine,
    log: WireLog,
    setup: WireSetup,
    onGone: () => void,
  ) {
    this.#delayNs = delayNs;
    this.#line = line;
    this.#log = log;
    this.#port = client.remotePort ?? 0;
    this.#onGone = onGone;
    this.#client = end('client', client);
    const acceptedNs = nowNs();
    this.#firstBytesNs = acceptedNs + 3 * delayNs;
    log.add(this.#port, 'accepted', acceptedNs);
    this.#watch(this.#client, () => this.#serverEnd);
    line.add(acceptedNs + delayNs, () => this.#reachServer(setup));
  }

  destroy(): void {
    this.#isGone = true;
    this.#client.socket.destroy();
    this.#serverEnd?.socket.destroy();
  }

  #reachServer({ targetHost: host, targetPort: port }: WireSetup): void {
    if (this.#isGone) return;
    const socket = connect({
      host,
      port,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: false,
      autoSelectFamily: false,
    });
    const server = end('server', socket);
    this.#open++;
    this.#serverEnd = server;
    this.#watch(server, () => this.#client);
  }

  /** Passes on what comes from one end to the other. */
  #watch(from: End, other: () => End | null): void {
    const { socket } = from;
    socket.on('data', (chunk: Buffer) => {
      const dueNs = this.#due(from);
      from.bytesUnderWay += chunk.length;
      if (from.bytesUnderWay > underWayBytesMax) socket.pause();
      this.#line.add(dueNs, (at) => {
        from.bytesUnderWay -= chunk.length;
        const to = other();
        if (to !== null) this.#deliver(from, to, chunk, at);
        resumeWhenRoom(from, to);
      });
    });
    socket.on('end', () => {
      from.hasEnded = true;
      this.#line.add(this.#due(from), (at) => this.#deliverFin(from, other(), at));
    });
    socket.on('error', () => this.#reset(from, other));
    socket.on('close', () => {
      this.#open--;
      if (this.#open > 0) return;
      // A client that is gone before it has reached the server never does.
      this.#isGone = true;
      this.#onGone();
    });
  }

  /** When something that is here now has crossed the wire. */
  #due(from: End): number {
    const arrivesNs = nowNs() + this.#delayNs;
    const earliestNs = from.name === 'client' ? Math.max(arrivesNs, this.#firstBytesNs) : arrivesNs;
    from.lastDueNs = Math.max(from.lastDueNs, earliestNs);
    return from.lastDueNs;
  }

  #deliver(from: End, to: End, chunk: Buffer, dueNs: number): void {
    const { socket } = to;
    if (socket.destroyed) return;
    this.#note(from, to, dueNs);
    if (!socket.write(chunk)) {
      from.socket.pause();
      socket.once('drain', () => resumeWhenRoom(from, to));
    }
    if (to.hasEnded) setImmediate(() => socket.destroyed || socket.write(Buffer.alloc(0)));
  }

  /** The first chunk after the other end had its say: a request or response begins. */
  #note(from: End, to: End, dueNs: number): void {
    const atNs = nowNs();
    this.#log.late(atNs, dueNs);
    if (from.quiet)
      this.#log.add(this.#port, from.name === 'client' ? 'request-bytes' : 'response-bytes', atNs);
    from.quiet = false;
    to.quiet = true;
  }

  #deliverFin(from: End, to: End | null, dueNs: number): void {
    if (to === null || to.socket.destroyed || to.socket.writableEnded) return;
    const event: WireEvent = from.name === 'server' ? 'server-fin' : 'client-fin';
    const atNs = nowNs();
    this.#log.late(atNs, dueNs);
    this.#log.add(this.#port, event, atNs);
    to.socket.end();
  }

  /** One end answered with RST, or was not there: the other sees an RST, d later. */
  #reset(from: End, other: () => End | null): void {
    this.#line.add(this.#due(from), (at) => {
      const to = other();
      if (to === null || to.socket.destroyed) return;
      const event: WireEvent = to.name === 'client' ? 'rst-to-client' : 'rst-to-server';
      const atNs = nowNs();
      this.#log.late(atNs, at);
      this.#log.add(this.#port, event, atNs);
      resetSocket(to.socket);
    });
  }
}

/**
 * Sends an RST. Not while a FIN is on its way out: libuv refuses that, and Node then leaves the descriptor open, on
 * which the event loop turns for ever.
 */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}

/** Reads on from one end once the wire and the other end have room again. */
function resumeWhenRoom(from: End, to: End | null): void {
  if (from.bytesUnderWay > underWayBytesMax || to?.socket.writableNeedDrain === true) return;
  if (from.socket.isPaused()) from.socket.resume();
}

function end(name: End['name'], socket: Socket): End {
  return { name, socket, lastDueNs: 0, bytesUnderWay: 0, hasEnded: false, quiet: true };
}
