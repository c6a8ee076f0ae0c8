/** What a client's TLS is told, whichever address it connects to: whom to trust, and the name to send and check. */
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { Endpoint } from '../contract/client-kind.ts';

/** The authority's host is checked, behind a wire too. An address must not be sent as a name (RFC 6066, section 3). */
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
