/** One connection to the server that is probed: sends requests one at a time, and sees how and when it ends. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ResponseParser } from '../../base/http1/response-parser.ts';
import { nowNs } from '../../base/time/clock.ts';
import { tlsOptions } from '../../base/tls-options.ts';
import { nsPerMs } from '../../base/units.ts';
import type { Endpoint } from '../../contract/client-kind.ts';
import type { Ending } from './probe-findings.ts';

export interface Answer {
  readonly status: number;
  /** Request written to last byte read, ms. */
  readonly tookMs: number;
  readonly hintSeconds: number | null;
  /** May carry another request. */
  readonly keepAlive: boolean;
  /** Header lines as they came, without the status line. */
  readonly headerLines: readonly string[];
}

export interface ConnectionEnd {
  readonly ending: Ending;
  /** Last answer read to the end seen, ms. */
  readonly afterMs: number;
}

const headKeptBytes = 16_384;

export class ProbeConnection {
  readonly #socket: Socket;
  readonly #path: string;
  readonly #authority: string;
  readonly #isTls: boolean;
  readonly #parser = new ResponseParser();
  #waiting: { resolve(answer: Answer | null): void; sentNs: number } | null = null;
  #head = '';
  #lastNs = nowNs();
  /** Raw bytes that came while no request was under way. */
  #unasked = Buffer.alloc(0);
  /** Handshake of TCP, ms: about one round trip. */
  readonly connectMs: number;
  /** Resolves when the server's side has ended it. */
  readonly ended: Promise<ConnectionEnd>;
  hasEnded = false;

  private constructor(tcp: Socket, socket: Socket, endpoint: Endpoint, path: string, connectMs: number) {
    this.#socket = socket;
    this.#path = path;
    this.#authority = endpoint.authority;
    this.#isTls = endpoint.tls !== null;
    this.connectMs = connectMs;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.ended = new Promise((resolve) => {
      const end = (sign: 'fin' | 'rst') => {
        if (this.hasEnded) return;
        this.hasEnded = true;
        const afterMs = (nowNs() - this.#lastNs) / nsPerMs;
        resolve({ ending: this.#endingOf(sign), afterMs });
        this.#waiting?.resolve(null);
        this.#waiting = null;
        socket.destroy();
      };
      // TLS says "end" for a goodbye and for a bare FIN alike; below it, the goodbye is a record of its own.
      tcp.on('end', () => end('fin'));
      socket.on('end', () => end('fin'));
      for (const one of [tcp, socket]) one.on('error', () => end('rst'));
      socket.on('close', () => end('fin'));
    });
    if (this.#isTls) {
      tcp.on('data', (chunk: Buffer) => {
        if (this.#waiting === null) this.#unasked = Buffer.concat([this.#unasked, chunk]);
      });
    }
  }

  /** @throws Error whose message ends a sentence, when nobody is there or the certificate is not trusted. */
  static open(endpoint: Endpoint, path: string, timeoutMs: number): Promise<ProbeConnection> {
    const { host, port, tls } = endpoint;
    const startNs = nowNs();
    return new Promise((resolve, reject) => {
      const tcp = connectTcp({ host, port, noDelay: true, autoSelectFamily: false });
      const timer = setTimeout(
        () => tcp.destroy(new Error(`no connection within ${timeoutMs} ms`)),
        timeoutMs,
      );
      tcp.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      tcp.once('connect', () => {
        const connectMs = (nowNs() - startNs) / nsPerMs;
        const ready = (socket: Socket) => {
          clearTimeout(timer);
          resolve(new ProbeConnection(tcp, socket, endpoint, path, connectMs));
        };
        if (tls === null) {
          ready(tcp);
          return;
        }
        const secure: TLSSocket = connectTls({
          socket: tcp,
          ...tlsOptions(endpoint),
          ALPNProtocols: ['http/1.1'],
        });
        secure.once('error', reject);
        secure.once('secureConnect', () => {
          secure.off('error', reject);
          ready(secure);
        });
      });
    });
  }

  /** null: the connection ended, or nothing came within the time. */
  async request(timeoutMs: number): Promise<Answer | null> {
    if (this.hasEnded) return null;
    this.#parser.begin(false);
    this.#head = '';
    this.#unasked = Buffer.alloc(0);
    const answer = new Promise<Answer | null>((resolve) => {
      this.#waiting = { resolve, sentNs: nowNs() };
    });
    const timer = setTimeout(() => {
      this.#waiting?.resolve(null);
      this.#waiting = null;
    }, timeoutMs);
    this.#socket.write(
      `GET ${this.#path} HTTP/1.1\r\nhost: ${this.#authority}\r\nuser-agent: idlerace-probe\r\naccept: */*\r\n\r\n`,
    );
    const found = await answer;
    clearTimeout(timer);
    return found;
  }

  /** Time since the last answer was read, ms. */
  get idleMs(): number {
    return (nowNs() - this.#lastNs) / nsPerMs;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    const waiting = this.#waiting;
    if (waiting === null) {
      if (!this.#isTls) this.#unasked = Buffer.concat([this.#unasked, chunk]);
      return;
    }
    if (this.#head.length < headKeptBytes) this.#head += chunk.toString('latin1');
    const state = this.#parser.push(chunk);
    if (state === 'more') return;
    this.#waiting = null;
    this.#lastNs = nowNs();
    if (state === 'error') {
      waiting.resolve(null);
      return;
    }
    const { status, hintSeconds, keepAlive } = this.#parser;
    const tookMs = (this.#lastNs - waiting.sentNs) / nsPerMs;
    const headerLines = this.#head.split('\r\n\r\n')[0].split('\r\n').slice(1);
    waiting.resolve({ status, tookMs, hintSeconds, keepAlive, headerLines });
  }

  #endingOf(sign: 'fin' | 'rst'): Ending {
    if (sign === 'rst') return 'rst';
    if (/^HTTP\/1\.[01] 408/.test(this.#unasked.toString('latin1', 0, 12))) return '408';
    // An alert, of TLS 1.2 (21) or wrapped as data by TLS 1.3 (23, 19 bytes), is all that comes before a FIN.
    const isAlert = this.#isTls && this.#unasked.length > 0 && [21, 23].includes(this.#unasked[0]);
    return isAlert ? 'close-notify' : 'fin';
  }
}
