/** The name that a client's TLS sends and checks, as a server sees it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificate } from '../target/certificate.ts';
import { tlsOptions } from './tls-options.ts';

/** @returns The name that the server received, false without one. */
async function nameSentTo(authority: string, certifiedHost: string): Promise<unknown> {
  const { key, cert } = await makeCertificate(certifiedHost);
  const server = createServer({ key, cert }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'secureConnection');
  // As behind a wire: connected to one address, with another's authority.
  const endpoint = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const tls = { ca: cert, insecure: false };
  const socket = connect({ ...endpoint, ...tlsOptions({ ...endpoint, authority, tls }) });
  try {
    await once(socket, 'secureConnect');
    const [secure] = await accepted;
    return secure.servername;
  } finally {
    socket.destroy();
    server.close();
  }
}

test.each([
  ['[::1]:8443', '::1'],
  ['[::1]', '::1'],
  ['10.0.0.1:8443', '10.0.0.1'],
])(
  'tlsOptions() of %s checks the address and sends no name (RFC 6066, section 3)',
  async (authority, host) => {
    expect(await nameSentTo(authority, host)).toBe(false);
  },
);

test('tlsOptions() sends and checks the name of a host', async () => {
  expect(await nameSentTo('localhost:8443', '127.0.0.1')).toBe('localhost');
  await expect(nameSentTo('b.example:8443', '127.0.0.1')).rejects.toThrow('b.example');
  await expect(nameSentTo('[::2]:8443', '::1')).rejects.toThrow('::2');
});
