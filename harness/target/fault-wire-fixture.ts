/**
 * Each fault as it looks on the wire to a raw socket, for the tests of every target that commits faults. Not used
 * by the product.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { expect } from 'vitest';
import type { FaultKind } from '../contract/fault.ts';

export type End = 'fin' | 'rst' | 'open';

export class Peer {
  readonly socket: Socket;
  text = '';
  end: End = 'open';

  constructor(socket: Socket) {
    this.socket = socket;
    const ended = (end: End) => {
      if (this.end === 'open') this.end = end;
    };
    socket.on('data', (chunk) => (this.text += chunk));
    socket.on('end', () => ended('fin'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      expect(error.code).toBe('ECONNRESET');
      ended('rst');
    });
    open.push(socket);
  }

  /** The body in two writes: a fault must wait for the second. */
  async post(id: number): Promise<void> {
    this.socket.write(`POST / HTTP/1.1\r\nhost: x\r\nx-request-id: ${id}\r\ncontent-length: 6\r\n\r\nabc`);
    await sleep(15);
    this.socket.write('def');
  }

  until(holds: () => boolean): Promise<void> {
    return expect.poll(holds, { timeout: 5_000, interval: 5 }).toBe(true);
  }
}

const open: Socket[] = [];

/** For `afterEach`. */
export function closePeers(): void {
  for (const socket of open.splice(0)) socket.destroy();
}

/** @param ca PEM to trust; null: plain TCP. */
export function openPeer(host: string, port: number, ca: string | null = null): Promise<Peer> {
  return new Promise((resolve, reject) => {
    const options = { port, host, allowHalfOpen: true };
    const socket =
      ca === null
        ? connect(options, () => resolve(new Peer(socket)))
        : connectTls({ ...options, ca }, () => resolve(new Peer(socket)));
    socket.once('error', reject);
  });
}

export const answer200 = /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nxxxxxxxxx$/;

export interface FaultOnTheWire {
  readonly end: End;
  readonly text: RegExp;
  readonly executions: number;
  readonly answers: number;
}

/** But for those that need more. */
export const onTheWire: Readonly<Record<Exclude<FaultKind, 'no-close-notify' | 'refuse'>, FaultOnTheWire>> = {
  none: { end: 'open', text: answer200, executions: 1, answers: 1 },
  'fin-unexecuted': { end: 'fin', text: /^$/, executions: 0, answers: 0 },
  'fin-executed': { end: 'fin', text: /^$/, executions: 1, answers: 0 },
  'rst-unexecuted': { end: 'rst', text: /^$/, executions: 0, answers: 0 },
  'rst-executed': { end: 'rst', text: /^$/, executions: 1, answers: 0 },
  'half-close': { end: 'fin', text: /^$/, executions: 0, answers: 0 },
  'black-hole': { end: 'open', text: /^$/, executions: 0, answers: 0 },
  'close-in-head': {
    end: 'fin',
    text: /^HTTP\/1\.1 200 OK\r\n(?![\s\S]*\r\n\r\n)/,
    executions: 1,
    answers: 0,
  },
  'close-in-body': { end: 'fin', text: /content-length: 20\r\n\r\nx{7}$/i, executions: 1, answers: 0 },
  'close-in-chunk': { end: 'fin', text: /\r\n5\r\nx{5}\r\n14\r\nx{7}$/, executions: 1, answers: 0 },
  'malformed-status': { end: 'open', text: /^(?!HTTP\/)/, executions: 1, answers: 0 },
  'status-500': { end: 'open', text: /^HTTP\/1\.1 500 [\s\S]*\r\n\r\nx{9}$/, executions: 1, answers: 1 },
  'idle-fin': { end: 'fin', text: answer200, executions: 1, answers: 1 },
  'lying-keep-alive': {
    end: 'fin',
    text: /connection: keep-alive\r\n[\s\S]*\r\n\r\nx{9}$/i,
    executions: 1,
    answers: 1,
  },
  'hint-too-long': { end: 'open', text: /keep-alive: timeout=3600\r\n/i, executions: 1, answers: 1 },
  'hint-too-short': { end: 'open', text: /keep-alive: timeout=1\r\n/i, executions: 1, answers: 1 },
  freeze: { end: 'open', text: answer200, executions: 1, answers: 1 },
  restart: { end: 'fin', text: answer200, executions: 1, answers: 1 },
  crash: { end: 'fin', text: /^$/, executions: 1, answers: 0 },
};

/** What becomes of three connections when the whole server goes: one asks for it, one is idle, one waits for its answer. */
export async function outage(
  host: string,
  port: number,
  ids: { readonly fault: number; readonly idle: number; readonly underWay: number },
): Promise<Readonly<Record<keyof typeof ids, Pick<Peer, 'end' | 'text'>>>> {
  const [fault, idle, underWay] = await Promise.all([0, 1, 2].map(() => openPeer(host, port)));
  await idle.post(ids.idle);
  await idle.until(() => answer200.test(idle.text));
  await fault.post(ids.fault);
  await sleep(15);
  await underWay.post(ids.underWay);
  const all = { fault, idle, underWay };
  await underWay.until(() => Object.values(all).every(({ end }) => end !== 'open'));
  return all;
}
