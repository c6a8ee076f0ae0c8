/** What must hold whichever way the bytes go: all of them, in order, and an error that ends the socket. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../test/fixtures/listen.ts';
import { makeCertificate } from '../target/certificate.ts';
import { writeText } from './raw-write.ts';

async function pair(): Promise<{ client: Socket; server: Socket }> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [server] = (await once(listener, 'connection')) as [Socket];
  onTestFinished(() => {
    for (const each of [client, server]) each.destroy();
    listener.close();
  });
  return { client, server };
}

test('writeText() keeps the order while the socket connects, when the kernel is full, and after a write of the stream', async () => {
  const { client, server } = await pair();
  // More than the kernel takes at once, so that writes wait and their requests are not used again.
  const large = 'x'.repeat(16 * 1_024 * 1_024);
  writeText(client, 'a');
  if (client.connecting) await once(client, 'connect');
  writeText(client, `b${large}`);
  writeText(client, `c${large}`);
  client.write('d');
  writeText(client, 'e');
  client.end();
  const received = await text(server);
  expect(received.length).toBe(5 + 2 * large.length);
  expect(received.replaceAll('x', '')).toBe('abcde');
});

test('writeText() keeps the order over TLS while the server does not read', async () => {
  const listener = createTlsServer(await makeCertificate('127.0.0.1'));
  const client = connectTls({ port: await listen(listener), rejectUnauthorized: false });
  const ready = once(client, 'secureConnect');
  const [server] = (await once(listener, 'secureConnection')) as [Socket];
  onTestFinished(() => {
    for (const each of [client, server]) each.destroy();
    listener.close();
  });
  await ready;
  const large = 'x'.repeat(4 * 1_024 * 1_024);
  for (const letter of 'abc') writeText(client, `${letter}${large}`);
  client.end();
  expect((await text(server)).replaceAll('x', '')).toBe('abc');
});

test('writeText() ends the socket with the error of a write that the kernel refuses', async () => {
  const { client } = await pair();
  client.end();
  await once(client, 'finish');
  const failed = once(client, 'error');
  writeText(client, 'x');
  expect(await failed).toMatchObject([{ code: 'EPIPE', syscall: 'write' }]);
  expect(client.destroyed).toBe(true);
});
