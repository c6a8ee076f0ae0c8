/** The embedded server by itself, telling what it sees: for testing a client of one's own. */

import { makeCertificate } from './certificate.ts';
import { EmbeddedServer } from './embedded-server.ts';
import { plainTarget } from './plain-target.ts';

export interface AloneOptions {
  readonly host: string;
  readonly port: number;
  /** null: none. */
  readonly idleTimeoutMs: number | null;
  readonly serviceMs: number;
  readonly tls: boolean;
  readonly advertise: boolean;
  /** One line for a person, for each thing that happens. */
  onEvent(line: string): void;
}

export interface StandAlone {
  /** For example `http://127.0.0.1:8080`. */
  readonly address: string;
  close(): Promise<void>;
}

export async function runTargetAlone(options: AloneOptions): Promise<StandAlone> {
  const { host, idleTimeoutMs, serviceMs, advertise, onEvent } = options;
  let connections = 0;
  const names = new WeakMap<object, string>();
  const server = new EmbeddedServer({
    config: {
      ...plainTarget,
      idleTimeoutMs,
      tls: options.tls,
      advertise: advertise ? 'idle-timeout' : null,
      serviceMs: { kind: 'fixed', value: serviceMs },
    },
    idleTimeoutMs,
    host,
    port: options.port,
    seed: 1,
    requestCount: 0,
    faults: null,
    tls: options.tls ? await makeCertificate(host) : null,
    onConnection(socket) {
      const name = `connection ${++connections}`;
      names.set(socket, name);
      onEvent(`${name}: accepted from port ${socket.remotePort}`);
      socket.on('close', () => onEvent(`${name}: gone`));
    },
    onRequest(request) {
      onEvent(`${names.get(request.socket) ?? 'a connection'}: ${request.method} ${request.url}`);
    },
    onIdleClose(socket, idleMs) {
      onEvent(`${names.get(socket) ?? 'a connection'}: closed after ${idleMs.toFixed(1)} ms of idleness`);
    },
  });
  const port = await server.listen();
  return {
    address: `${options.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () => server.close(),
  };
}
