/**
 * Runs the server's code warm before a trial, the same for every strategy.
 *
 * A fresh process interprets its first thousands of requests and compiles while it answers the next;
 * within a trial of seconds that costs more CPU than the requests do, and at no fixed moment. So the
 * target first talks to itself, on a port of its own, over kept and over single-use connections, and
 * only then says that it is ready. Nothing of it is booked.
 */
import { connect } from 'node:net';
import { EmbeddedServer, type EmbeddedSetup } from './embedded-server.ts';

const clients = 20;
const requestsMax = 4_000;
const timeMsMax = 100;
/** Every this many requests of a client, its connection is closed and another opened. */
const requestsPerConnection = 4;

/** Resolves when the requests are answered or the time is up. */
export async function warmUp(setup: EmbeddedSetup): Promise<void> {
  const config = { ...setup.config, serviceMs: { kind: 'fixed' as const, value: 0 } };
  const plain = { port: 0, requestCount: requestsMax, faults: null, tls: null };
  const server = new EmbeddedServer({ ...setup, ...plain, config });
  const port = await server.listen();
  const deadlineMs = performance.now() + timeMsMax;
  let sent = 0;
  const oneConnection = () =>
    new Promise<void>((resolve) => {
      let left = requestsPerConnection;
      const socket = connect({ host: setup.host, port, noDelay: true });
      const send = () => {
        left--;
        const last = left === 0 ? 'connection: close\r\n' : '';
        socket.write(
          `POST / HTTP/1.1\r\nhost: x\r\nx-request-id: ${sent++}\r\n${last}content-length: 1\r\n\r\nx`,
        );
      };
      socket.on('data', () => (left > 0 ? send() : socket.end()));
      // Whatever becomes of a connection, its end is the end of it: this is no measurement.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve());
      send();
    });
  const oneClient = async () => {
    while (sent < requestsMax && performance.now() < deadlineMs) await oneConnection();
  };
  await Promise.all(Array.from({ length: clients }, oneClient));
  await server.close();
}
