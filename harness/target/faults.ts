/**
 * What the embedded server does for each fault of the list: one table, in the list's order.
 *
 * A fault says whether the request is executed, and then either what happens on the connection
 * instead of an answer, or what is different about the complete answer and what comes before or
 * after it. Which request suffers which fault is the script's business.
 */
import type { Socket } from 'node:net';
import { type FaultKind, type FaultScript, faultKinds } from '../contract/fault.ts';

/** The connection that carries the faulted request, as the fault sees it. */
export interface FaultyConnection {
  /** What HTTP is spoken over: the TCP socket, or the TLS socket on top of it. */
  readonly socket: Socket;
  /** The TCP socket itself: the only one that can send an RST, or a FIN without a close_notify. */
  readonly tcp: Socket;
  /** Sends a FIN on the first occasion, from 20 ms on, that no request is under way. */
  finWhenIdle(): void;
  /** Refuses new connections for the script's time. */
  refuse(): void;
  /** Stands still, with everything in this process, for the script's time. */
  freeze(): void;
  /** As a deploy does: closes idle connections and those under way once they are answered; refuses new ones for the script's time. */
  restart(): void;
  /** As the death of the process does: cuts every connection; refuses new ones for the script's time. */
  crash(): void;
}

export interface Fault {
  readonly executed: boolean;
  /** In place of a complete answer; without it there is one. */
  instead?(connection: FaultyConnection): void;
  /** Of the complete answer; default 200. */
  readonly status?: number;
  /** Added to the complete answer's, over the server's own. */
  readonly headers?: Readonly<Record<string, string>>;
  before?(connection: FaultyConnection): void;
  /** Once the answer has been handed to the kernel. */
  after?(connection: FaultyConnection): void;
}

const fin = ({ socket }: FaultyConnection) => socket.destroySoon();
const rst = ({ tcp }: FaultyConnection) => tcp.resetAndDestroy();
const finAfter =
  (bytes: string) =>
  ({ socket }: FaultyConnection) => {
    socket.write(bytes, 'latin1');
    socket.destroySoon();
  };

const faultTable: Readonly<Record<FaultKind, Fault>> = {
  none: { executed: true },
  'fin-unexecuted': { executed: false, instead: fin },
  'fin-executed': { executed: true, instead: fin },
  'rst-unexecuted': { executed: false, instead: rst },
  'rst-executed': { executed: true, instead: rst },
  'half-close': { executed: false, instead: ({ socket }) => socket.end() },
  'black-hole': { executed: false, instead() {} },
  // Closed below TLS, which then has no chance to say goodbye.
  'no-close-notify': { executed: true, instead: ({ tcp }) => tcp.destroy() },
  'close-in-head': { executed: true, instead: finAfter('HTTP/1.1 200 OK\r\ncontent-type: te') },
  'close-in-body': {
    executed: true,
    instead: finAfter('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nxxxxxxx'),
  },
  'close-in-chunk': {
    executed: true,
    instead: finAfter('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nxxxxx\r\n14\r\nxxxxxxx'),
  },
  'malformed-status': {
    executed: true,
    instead: ({ socket }) => socket.write('HTTQ/1.1 OK 200\r\ncontent-length: 2\r\n\r\nxx', 'latin1'),
  },
  'status-500': { executed: true, status: 500 },
  'idle-fin': { executed: true, after: (connection) => connection.finWhenIdle() },
  'lying-keep-alive': { executed: true, headers: { connection: 'keep-alive' }, after: fin },
  'hint-too-long': { executed: true, headers: { 'keep-alive': 'timeout=3600' } },
  'hint-too-short': { executed: true, headers: { 'keep-alive': 'timeout=1' } },
  refuse: { executed: true, after: (connection) => connection.refuse() },
  freeze: { executed: true, before: (connection) => connection.freeze() },
  restart: { executed: true, after: (connection) => connection.restart() },
  crash: { executed: true, instead: (connection) => connection.crash() },
};

/** Hands each fault of a script out once: a request that is sent again is served. */
export class FaultsToCome {
  readonly #codes: FaultScript;

  /** @param script null: no faults. */
  constructor(script: FaultScript | null) {
    this.#codes = Uint8Array.from(script ?? []);
  }

  /** @param request Row of the load plan; for any other number there is none: null. */
  take(request: number): Fault | null {
    const code = request < this.#codes.length ? this.#codes[request] : 0;
    if (code === 0) return null;
    this.#codes[request] = 0;
    return faultTable[faultKinds[code] ?? 'none'];
  }
}
