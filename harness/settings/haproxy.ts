/**
 * HAProxy: the client of its servers, and a server to its own clients. It has no idle timeout for
 * connections to servers: every `pool-purge-delay` it closes half of the connections that it did not need,
 * regardless of age. `http-reuse safe` reduces the race: a client's first request never uses a connection
 * that another client left idle.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { type Line, lines, only } from './lines.ts';
import { pooledRetries, settingsClient } from './settings-client.ts';

const noAge =
  'HAProxy has no idle timeout for connections to servers; raise theirs, send again, or keep none';

export const haproxy = settingsClient({
  id: 'haproxy',
  title: 'HAProxy backend and frontend',
  language: 'haproxy',
  carried: {
    connection: ['reuse', 'requestsMax', 'tcpKeepAliveMs'],
    retry: ['methods', 'idempotencyKey'],
    server: ['idleTimeoutMs'],
  },
  limits: {
    'connection.idleTimeoutMs': not(({ idleTimeoutMs }) => (idleTimeoutMs === null ? null : noAge)),
    'connection.idleCheck': not('HAProxy has no idle timeout for connections to servers'),
    'connection.hintMarginMs': not('HAProxy ignores the Keep-Alive hint of a server'),
    'connection.ageMaxMs': not('HAProxy has no maximum age for connections to servers'),
    'connection.pick': not('HAProxy has no setting for it'),
    'retry.on': partly(
      'HAProxy also retries after other failures: conn-failure, and empty-response on new connections',
    ),
    'retry.attemptsMax': partly('HAProxy retries only requests that fit into one buffer (tune.bufsize)'),
    'retry.connection': pooledRetries,
    'retry.backoffMs': not('HAProxy sets the time between attempts itself'),
  },
  text(asked) {
    const { clientSide, serverIdleTimeoutMs } = asked;
    return lines(
      arithmetic(asked, '# '),
      only(serverIdleTimeoutMs !== null, [
        'frontend clients',
        '    mode http',
        '    bind :80',
        '    timeout client 60s',
        `    timeout http-keep-alive ${serverIdleTimeoutMs}ms`,
        '    default_backend servers',
        only(clientSide, ''),
      ]),
      only(clientSide, backend(asked)),
    );
  },
});

function backend(asked: Asked): Line[] {
  const { reuse, requestsMax, tcpKeepAliveMs, retry } = asked;
  const probes = Math.ceil((tcpKeepAliveMs ?? 0) / 1_000);
  // The first request of a connection is no reuse of it.
  const reuses = requestsMax === null ? '' : ` max-reuse ${requestsMax - 1}`;
  return [
    'backend servers',
    '    mode http',
    '    timeout connect 5s',
    '    timeout server 60s',
    reuse ? '    http-reuse safe' : ['    http-reuse never', '    option http-server-close'],
    only(tcpKeepAliveMs !== null, [
      '    option srvtcpka',
      `    srvtcpka-idle ${probes}s`,
      `    srvtcpka-intvl ${probes}s`,
    ]),
    only(
      retry?.idempotencyKey === true,
      '    http-request set-header Idempotency-Key %[uuid()] unless { req.hdr(Idempotency-Key) -m found }',
    ),
    only(retry !== null, [
      `    retries ${(retry?.attemptsMax ?? 1) - 1}`,
      '    retry-on conn-failure empty-response',
    ]),
    only(
      retry?.methods != null,
      `    http-request disable-l7-retry unless { method ${retry?.methods?.join(' ')} }`,
    ),
    `    server first 127.0.0.1:8080${reuses}`,
  ];
}
