/** What a client's TLS is told: whom to trust, and the name to check. */
import type { ConnectionOptions } from 'node:tls';
import type { Endpoint } from '../contract/client-kind.ts';

/** Checked to the name, behind a wire too; for agents and for requests without one. */
export function tlsOptions({ tls, authority }: Endpoint): ConnectionOptions {
  if (tls === null) return {};
  return {
    servername: authority.replace(/:\d+$/, ''),
    ca: tls.ca ?? undefined,
    rejectUnauthorized: !tls.insecure,
  };
}
