/** TLS options of a client for any address: the certificates to trust, and the name to send and check. */
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { Endpoint } from '../contract/client-kind.ts';

/** TLS checks the authority's host, also behind a wire. RFC 6066, section 3, forbids sending an address as a name. */
export function tlsOptions({ tls, authority }: Endpoint): ConnectionOptions {
  if (tls === null) return {};
  const host = authority.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return {
    servername: isIP(host) === 0 ? host : '',
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    ca: tls.ca ?? undefined,
    rejectUnauthorized: !tls.insecure,
  };
}
