/**
 * One connection of the lean client: a socket, a parser, and at most one request under way.
 *
 * It tells its owner what happened on the wire and decides nothing: FIN, RST or a failed write; at
 * what moment; how much had gone out and come in. Half-open is allowed so that a FIN is seen as a
 * FIN. There is no timer per connection or request; the fleet sweeps.
 */
import { connect, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HeadMemo } from '../base/http1/head-memo.ts';
import { ResponseParser } from '../base/http1/response-parser.ts';
import { tlsOptions } from '../base/tls-options.ts';
import type { Endpoint } from '../contract/client-kind.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { CloseCause, DeathSign } from '../contract/samples.ts';

export interface ConnectionOwner {
  connected(connection: LeanConnection): void;
  /** A complete response was read. */
  answered(connection: LeanConnection): void;
  /** The attempt under way is dead; the connection is closed already. */
  died(connection: LeanConnection, outcome: Outcome, sign: DeathSign): void;
  /** It ended while idle. */
  endedIdle(connection: LeanConnection): void;
  /** The socket is gone for good. */
  released(): void;
}

/** What the connections of a fleet share. */
export interface ConnectionSetup {
  readonly endpoint: Endpoint;
  readonly tcpKeepAliveMs: number | null;
  /** Every read lands here and is parsed before the next: no buffer per connection or read. */
  readonly readBuffer: Buffer;
  readonly headMemo: HeadMemo;
}

export class LeanConnection {
  readonly client: number;
  /** Row in the recorder's connections. */
  readonly row: number;
  readonly openedNs: number;
  readonly parser: ResponseParser;
  /** Requests handed to it. */
  uses = 0;
  /** When the last response was read, ns from the trial's start; NaN before the first. */
  idleSinceNs = Number.NaN;
  /** Idle timeout of this connection, ns; Infinity: none. A server's hint may set it. */
  idleTimeoutNs = Number.POSITIVE_INFINITY;
  /** Row of the request under way; -1: idle. */
  request = -1;
  attempt = 0;
  idleAgeNs = Number.NaN;
  sentNs = Number.NaN;
  bytesRead = 0;
  /** Length of the current attempt. */
  attemptBytes = 0;
  isConnected = false;
  isClosed = false;
  /** No request may follow the one under way. */
  isLast = false;
  readonly socket: Socket;
  readonly #owner: ConnectionOwner;
  #tcpConnected = false;

  constructor(
    owner: ConnectionOwner,
    { endpoint, tcpKeepAliveMs, readBuffer, headMemo }: ConnectionSetup,
    identity: { client: number; row: number; openedNs: number },
  ) {
    this.#owner = owner;
    this.client = identity.client;
    this.row = identity.row;
    this.openedNs = identity.openedNs;
    this.parser = new ResponseParser(headMemo);
    const socket = openSocket(endpoint, tcpKeepAliveMs, {
      buffer: readBuffer,
      callback: (bytesRead) => {
        this.#onData(readBuffer, bytesRead);
        return true;
      },
    });
    this.socket = socket;
    socket.on('connect', () => {
      this.#tcpConnected = true;
      if (endpoint.tls === null) this.#onConnected();
    });
    if (endpoint.tls !== null) socket.on('secureConnect', () => this.#onConnected());
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error, endpoint.tls !== null));
    socket.on('close', () => {
      // Every way out has been told by now, but for one that Node may yet invent.
      this.#dead('eof', 'other');
      owner.released();
    });
  }

  /** To be called right before the request's bytes are written. */
  begin(request: number, attempt: number, idleAgeNs: number, sentNs: number, head: boolean): void {
    this.request = request;
    this.attempt = attempt;
    this.idleAgeNs = idleAgeNs;
    this.sentNs = sentNs;
    this.bytesRead = 0;
    this.uses++;
    this.parser.begin(head);
  }

  /** Bytes of the attempt under way that were handed to the kernel. */
  get bytesWritten(): number {
    return this.#tcpConnected ? this.attemptBytes : 0;
  }

  /** The client's own decision; the owner says why. */
  close(): void {
    this.isClosed = true;
    this.socket.destroy();
  }

  #onConnected(): void {
    this.isConnected = true;
    this.#owner.connected(this);
  }

  #onData(bytes: Buffer, length: number): void {
    if (this.isClosed) return;
    if (this.request === -1) {
      // Bytes that nobody asked for (a 408, say): the connection is over (RFC 9112 §9.2).
      this.close();
      this.#owner.endedIdle(this);
      return;
    }
    this.bytesRead += length;
    const state = this.parser.push(bytes, length);
    if (state === 'done') this.#owner.answered(this);
    else if (state === 'error') this.#dead('protocol', 'protocol');
  }

  #onEnd(): void {
    if (this.isClosed) return;
    if (this.request !== -1 && this.parser.closeEndsResponse()) {
      this.#owner.answered(this);
      return;
    }
    this.#dead(this.isConnected ? 'eof' : 'tls', 'fin');
  }

  #onError(error: NodeJS.ErrnoException, tls: boolean): void {
    if (this.isClosed) return;
    switch (error.code) {
      case 'ECONNREFUSED':
        this.#dead('refused', 'connect');
        return;
      case 'EADDRNOTAVAIL':
      case 'EADDRINUSE':
        this.#dead('ports-exhausted', 'connect');
        return;
      case 'EMFILE':
      case 'ENFILE':
        this.#dead('fd-exhausted', 'connect');
        return;
      case 'ETIMEDOUT':
        this.#dead(this.#tcpConnected ? 'timeout' : 'connect-timeout', 'timeout');
        return;
    }
    if (tls && this.#tcpConnected && !this.isConnected) this.#dead('tls', 'connect');
    else if (!this.#tcpConnected) this.#dead('refused', 'connect');
    else
      this.#dead('reset', error.code === 'ECONNRESET' ? 'rst' : error.code === 'EPIPE' ? 'epipe' : 'other');
  }

  /** Tells the owner once; on a reused connection without a response byte it is the race. */
  #dead(outcome: Outcome, sign: DeathSign): void {
    if (this.isClosed) return;
    this.close();
    if (this.request === -1) {
      this.#owner.endedIdle(this);
      return;
    }
    const raced = this.uses > 1 && this.bytesRead === 0 && (outcome === 'eof' || outcome === 'reset');
    this.#owner.died(this, raced ? 'idle-race' : outcome, sign);
  }
}

/** What a connection's end means for its row. */
export function causeOfDeath(outcome: Outcome): CloseCause {
  return outcome === 'idle-race' || outcome === 'eof' || outcome === 'reset' ? 'server-race' : 'failed';
}

function openSocket(endpoint: Endpoint, tcpKeepAliveMs: number | null, onread: OnReadOpts): Socket {
  const options = {
    onread,
    host: endpoint.host,
    port: endpoint.port,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: tcpKeepAliveMs !== null,
    // Node sets the probes' interval to one second and their number to ten; only this delay is ours.
    keepAliveInitialDelay: tcpKeepAliveMs ?? 0,
    autoSelectFamily: false,
  };
  return endpoint.tls === null ? connect(options) : connectTls({ ...options, ...tlsOptions(endpoint) });
}
