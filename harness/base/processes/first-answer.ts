/** One GET on a connection of its own, and the first bytes that come back: whether somebody is there who speaks HTTP. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from '../../contract/client-kind.ts';

/**
 * Leaves no TIME_WAIT behind, which would be counted as the load's.
 * @throws Error whose message ends a sentence: what was seen instead.
 */
export function firstAnswer(endpoint: Endpoint, path: string, timeoutMs: number): Promise<string> {
  const { host, port, authority, tls } = endpoint;
  return new Promise((resolve, reject) => {
    const socket =
      tls === null
        ? connect({ host, port })
        : connectTls({ host, port, ca: tls.ca ?? undefined, rejectUnauthorized: !tls.insecure });
    let received = '';
    const finish = (why: string) => {
      if ('resetAndDestroy' in socket && tls === null) socket.resetAndDestroy();
      else socket.destroy();
      if (received === '') reject(new Error(why));
      else resolve(received);
    };
    socket.setTimeout(timeoutMs, () => finish(`nothing within ${timeoutMs / 1_000} s`));
    socket.on('error', (error) => finish(error.message));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (received.includes('\n')) finish('');
    });
    socket.on('end', () => finish('it closed the connection without a word'));
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${authority}\r\nconnection: close\r\n\r\n`);
  });
}

/** The start of an answer, of whatever status. */
export function isHttp(answer: string): boolean {
  return /^HTTP\/1\.[01] \d{3}/.test(answer);
}
