/** Where a URL's requests go. */
import type { Endpoint } from '../contract/client-kind.ts';

export function endpointOf({
  url,
  insecure,
}: {
  readonly url: string;
  readonly insecure: boolean;
}): Endpoint {
  const { hostname, port, protocol, host } = new URL(url);
  const secure = protocol === 'https:';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    authority: host,
    tls: secure ? { ca: null, insecure } : null,
  };
}
