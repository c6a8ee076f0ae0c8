/** Two questions that need bytes of their own: are two requests in one write answered, and is HTTP/2 spoken? */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { tlsOptions } from '../../base/tls-options.ts';
import type { Endpoint } from '../../contract/client-kind.ts';

/** Two answers to two requests that came at once; the second asks for the end, so that it is known. */
export async function pipelines(endpoint: Endpoint, path: string, timeoutMs: number): Promise<boolean> {
  const request = (last: boolean) =>
    `GET ${path} HTTP/1.1\r\nhost: ${endpoint.authority}\r\nuser-agent: idlerace-probe\r\n${last ? 'connection: close\r\n' : ''}\r\n`;
  const text = await talk(
    endpoint,
    ['http/1.1'],
    timeoutMs,
    request(false) + request(true),
    (received) => countOf(received) >= 2,
  );
  return countOf(text) >= 2;
}

function countOf(text: string): number {
  return text.match(/HTTP\/1\.[01] \d{3} /g)?.length ?? 0;
}

/** By ALPN over TLS; in clear by its preface, to which a server that knows it sends a SETTINGS frame (RFC 9113 §3.3). */
export async function speaksHttp2(endpoint: Endpoint, timeoutMs: number): Promise<boolean> {
  if (endpoint.tls !== null) return (await alpnOf(endpoint, timeoutMs)) === 'h2';
  const emptySettings = '\0\0\0\x04\0\0\0\0\0';
  const preface = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${emptySettings}`;
  const isSettings = (text: string) => text.length >= 9 && text.charCodeAt(3) === 4 && text.startsWith('\0');
  return isSettings(await talk(endpoint, [], timeoutMs, preface, isSettings));
}

function alpnOf(endpoint: Endpoint, timeoutMs: number): Promise<string | false | null> {
  const { host, port } = endpoint;
  return new Promise((resolve) => {
    const socket = connectTls({
      host,
      port,
      ...tlsOptions(endpoint),
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    const finish = (protocol: string | false | null) => {
      socket.destroy();
      resolve(protocol);
    };
    socket.setTimeout(timeoutMs, () => finish(null));
    socket.once('secureConnect', () => finish(socket.alpnProtocol));
    socket.once('error', () => finish(null));
  });
}

/** Writes once; what was read when it was enough, when the time was up, or when the connection ended. */
function talk(
  endpoint: Endpoint,
  protocols: readonly string[],
  timeoutMs: number,
  bytes: string,
  isEnough: (text: string) => boolean,
): Promise<string> {
  const { host, port, tls } = endpoint;
  return new Promise((resolve) => {
    const socket: Socket =
      tls === null
        ? connectTcp({ host, port, autoSelectFamily: false })
        : connectTls({
            host,
            port,
            ...tlsOptions(endpoint),
            ALPNProtocols: [...protocols],
          });
    let text = '';
    const finish = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(timeoutMs, finish);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (isEnough(text)) finish();
    });
    socket.once('end', finish);
    socket.once('error', finish);
    socket.write(bytes, 'latin1');
  });
}
