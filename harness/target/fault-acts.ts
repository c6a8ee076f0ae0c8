/**
 * The acts that faults are made of and that need the whole server: a FIN when a connection comes to
 * rest, refusing new connections, standing still, restarting, crashing; and the TCP socket that lies
 * below a TLS one.
 */
import type http from 'node:http';
import { type AddressInfo, Server, type Socket } from 'node:net';
import { nowNs } from '../base/time/clock.ts';
import type { DelayLine } from '../base/time/delay-line.ts';
import { nsPerMs } from '../base/units.ts';
import type { FaultyConnection } from './faults.ts';

/** How long a connection has been answered, at least, when the fault `idle-fin` closes it. */
const idleFinMs = 20;

interface ActsSetup {
  readonly faultMs: number;
  readonly tls: boolean;
  onFrozen?(): void;
  /** Whether no request is under way on the connection, now. */
  isIdle(socket: Socket): boolean;
}

export class FaultActs {
  readonly #server: http.Server;
  readonly #waiting: DelayLine;
  readonly #setup: ActsSetup;
  readonly #open = new Set<Socket>();
  /** Under way when the server was restarted: over once they are answered. */
  readonly #leaving = new WeakSet<Socket>();
  /** By the client's address; empty without TLS. */
  readonly #tcpBelowTls = new Map<string, Socket>();
  /** Faults that want new connections refused, now. */
  #refusals = 0;
  /** Where it listened before it refused. */
  #address: AddressInfo | null = null;

  /** @param waiting The server's own: what is still to be done ends with it. */
  constructor(server: http.Server, waiting: DelayLine, setup: ActsSetup) {
    this.#server = server;
    this.#waiting = waiting;
    this.#setup = setup;
    server.on(setup.tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
    if (!setup.tls) return;
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      this.#tcpBelowTls.set(peer, socket);
      socket.on('close', () => this.#tcpBelowTls.delete(peer));
    });
  }

  on(socket: Socket): FaultyConnection {
    return {
      socket,
      tcp: this.#tcpBelowTls.get(peerOf(socket)) ?? socket,
      finWhenIdle: () => this.#finWhenIdle(socket),
      refuse: () => this.#refuse(),
      freeze: () => {
        standStill(this.#setup.faultMs);
        this.#setup.onFrozen?.();
      },
      restart: () => this.#restart(),
      crash: () => this.#crash(),
    };
  }

  /** The answer under way is the connection's last. */
  isLeaving(socket: Socket): boolean {
    return this.#leaving.has(socket);
  }

  #finWhenIdle(socket: Socket): void {
    this.#waiting.add(nowNs() + idleFinMs * nsPerMs, () => {
      if (socket.destroyed) return;
      if (this.#setup.isIdle(socket)) socket.destroySoon();
      else this.#finWhenIdle(socket);
    });
  }

  #restart(): void {
    this.#refuse();
    for (const socket of this.#open) {
      if (this.#setup.isIdle(socket)) socket.destroySoon();
      else this.#leaving.add(socket);
    }
  }

  #crash(): void {
    this.#refuse();
    for (const socket of this.#open) socket.destroy();
  }

  /** Stops listening; connections that are there stay. Several at a time end with the last. */
  #refuse(): void {
    this.#refusals++;
    if (this.#refusals === 1) {
      this.#address = this.#server.address() as AddressInfo;
      // Not http's own close(), which would end idle connections too.
      Server.prototype.close.call(this.#server);
    }
    this.#waiting.add(nowNs() + this.#setup.faultMs * nsPerMs, () => {
      this.#refusals--;
      if (this.#refusals > 0 || this.#address === null) return;
      const { address: host, port } = this.#address;
      this.#server.listen({ host, port, backlog: listenBacklog });
    });
  }
}

/** Connections that the kernel holds until they are accepted. */
export const listenBacklog = 4_096;

/** The last part of standing still is spent awake, so that a late wake-up does not prolong it, ms. */
const awakeMs = 1;

/** Blocks this process's only thread. */
function standStill(ms: number): void {
  const untilNs = nowNs() + ms * nsPerMs;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, ms - awakeMs));
  while (nowNs() < untilNs);
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
