/** Opens the sockets that undici uses and keeps the books of them: one connector for each simulated client. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { tlsOptions } from '../base/tls-options.ts';
import { nsPerMs } from '../base/units.ts';
import type { ClientSetup } from '../contract/client-kind.ts';
import type { CloseCause } from '../contract/samples.ts';
import { isParserError } from './undici-errors.ts';

export interface KnownConnection {
  readonly row: number;
  readonly socket: Socket;
  readonly openedNs: number;
  uses: number;
  idleSinceNs: number;
  isBusy: boolean;
  /** FIN of the server's side, or an error of the system's. */
  hasEnded: boolean;
  /** The request on it was given up here. */
  isGivenUp: boolean;
}

/** As undici calls it; what it says of the address is the origin's, which a wire stands before. */
export type Connector = (
  options: object,
  callback: (error: Error | null, socket: Socket | null) => void,
) => void;

/** undici's own delay before the first TCP probe. */
const ownTcpKeepAliveMs = 60_000;

export class UndiciSockets {
  readonly #setup: ClientSetup;
  readonly #known = new Map<Socket, KnownConnection>();
  /** Rows of connections that failed, by client, until their requests have been told. */
  readonly #failed = new Map<number, number[]>();
  isClosing = false;

  constructor(setup: ClientSetup) {
    this.#setup = setup;
  }

  get size(): number {
    return this.#known.size;
  }

  known(socket: Socket): KnownConnection | undefined {
    return this.#known.get(socket);
  }

  /** The row of a connection of this client that failed; a new one when several requests waited for it. */
  failedRow(client: number): number {
    const row = this.#failed.get(client)?.shift();
    if (row !== undefined) return row;
    const { recorder } = this.#setup;
    const made = recorder.connectionOpened(client);
    recorder.connectionClosed(made, 'failed');
    return made;
  }

  destroyAll(): void {
    for (const socket of this.#known.keys()) socket.destroy();
  }

  connector(client: number): Connector {
    const { endpoint, limits, recorder } = this.#setup;
    const { host, port, tls } = endpoint;
    const address = { host, port, autoSelectFamily: false };
    return (_options, callback) => {
      const row = recorder.connectionOpened(client);
      const socket =
        tls === null
          ? connectTcp(address)
          : connectTls({ ...address, ...tlsOptions(endpoint), ALPNProtocols: ['http/1.1'] });
      socket.setNoDelay(true);
      const probesMs = this.#probesMs();
      if (probesMs !== null) socket.setKeepAlive(true, probesMs);
      const timer = setTimeout(
        () =>
          socket.destroy(Object.assign(new Error('connect timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
        limits.connectTimeoutMs,
      );
      const onFailure = (error: Error) => {
        clearTimeout(timer);
        const failed = this.#failed.get(client) ?? [];
        failed.push(row);
        this.#failed.set(client, failed);
        recorder.connectionClosed(row, 'failed');
        callback(error, null);
      };
      socket.once('error', onFailure);
      socket.once(tls === null ? 'connect' : 'secureConnect', () => {
        clearTimeout(timer);
        socket.off('error', onFailure);
        this.#keep(socket, row);
        callback(null, socket);
      });
    };
  }

  /** null: none. */
  #probesMs(): number | null {
    const { policy, settings } = this.#setup;
    return policy.connection.tcpKeepAliveMs ?? (settings === 'own' ? ownTcpKeepAliveMs : null);
  }

  #keep(socket: Socket, row: number): void {
    const { recorder } = this.#setup;
    recorder.connectionConnected(row, socket.localPort ?? 0);
    const known: KnownConnection = {
      row,
      socket,
      openedNs: recorder.nowNs(),
      uses: 0,
      idleSinceNs: Number.NaN,
      isBusy: false,
      hasEnded: false,
      isGivenUp: false,
    };
    this.#known.set(socket, known);
    socket.once('end', () => {
      known.hasEnded = true;
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // undici ends sockets with errors of its own: an idle timeout, an answer that it cannot read.
      if (error.syscall !== undefined) known.hasEnded = true;
      else if (isParserError(error)) known.isGivenUp = true;
    });
    socket.once('close', () => {
      this.#known.delete(socket);
      recorder.connectionClosed(row, this.#causeOf(known));
    });
  }

  #causeOf({ isBusy, isGivenUp, hasEnded, openedNs }: KnownConnection): CloseCause {
    const { connection } = this.#setup.policy;
    if (this.isClosing) return 'open';
    if (isGivenUp) return 'failed';
    if (isBusy) return 'server-race';
    if (!connection.reuse) return 'announced';
    if (hasEnded) return 'server-idle';
    const ageNs = this.#setup.recorder.nowNs() - openedNs;
    const isOld = connection.ageMaxMs !== null && ageNs >= connection.ageMaxMs * nsPerMs;
    return isOld || connection.requestsMax !== null ? 'limit' : 'evicted';
  }
}
