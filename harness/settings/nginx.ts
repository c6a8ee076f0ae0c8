/**
 * nginx: the client of its upstreams (idle connections in a cache, evicted by timer, taken used-last
 * first), and a server. Before 1.29.7 an upstream's connections are kept only with the three lines
 * that are written here; since then they are the default.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { type Line, lines, only } from './lines.ts';
import { pooledRetries, settingsClient, timerOnly } from './settings-client.ts';

const resentMethods =
  'one switch (non_idempotent) covers POST, LOCK, and PATCH; nginx always retries all other methods';

export const nginx = settingsClient({
  id: 'nginx',
  title: 'nginx upstream and server',
  language: 'nginx',
  carried: {
    connection: ['reuse', 'idleCheck', 'ageMaxMs', 'requestsMax'],
    retry: ['idempotencyKey'],
    server: ['idleTimeoutMs'],
  },
  limits: {
    'connection.idleTimeoutMs': timerOnly('a worker'),
    'connection.hintMarginMs': not('nginx ignores the Keep-Alive hint of an upstream'),
    'connection.pick': not('nginx always takes the connection used last'),
    'connection.tcpKeepAliveMs': partly(({ tcpKeepAliveMs }) =>
      tcpKeepAliveMs === null
        ? null
        : `on or off; the kernel sets the times: sysctl net.ipv4.tcp_keepalive_time=${Math.ceil((tcpKeepAliveMs ?? 0) / 1_000)}`,
    ),
    'retry.on': partly('nginx retries after any error before the answer, including a refused connection'),
    'retry.attemptsMax': partly(
      'a failure on a reused connection always adds one try, on the next idle connection if there is one',
    ),
    'retry.methods': partly(({ retry }) => (retry?.methods == null ? null : resentMethods)),
    'retry.connection': pooledRetries,
    'retry.backoffMs': not('retries are sent at once'),
  },
  text(asked) {
    const { clientSide, serverIdleTimeoutMs } = asked;
    return lines(
      arithmetic(asked, '# '),
      only(clientSide, upstream(asked)),
      only(asked.retry?.idempotencyKey === true, [
        'map $http_idempotency_key $idempotency_key {',
        '    default $http_idempotency_key;',
        '    ""      $request_id;',
        '}',
      ]),
      'server {',
      '    listen 80;',
      only(serverIdleTimeoutMs !== null, `    keepalive_timeout ${serverIdleTimeoutMs}ms;`),
      only(clientSide, location(asked)),
      '}',
    );
  },
});

function upstream({ reuse, idleTimeoutMs, ageMaxMs, requestsMax }: Asked): Line[] {
  return [
    'upstream backend {',
    '    server 127.0.0.1:8080;',
    only(reuse, '    keepalive 32;'),
    only(idleTimeoutMs !== null, `    keepalive_timeout ${idleTimeoutMs}ms;`),
    only(ageMaxMs !== null, `    keepalive_time ${ageMaxMs}ms;`),
    only(requestsMax !== null, `    keepalive_requests ${requestsMax};`),
    '}',
  ];
}

function location({ reuse, tcpKeepAliveMs, retry }: Asked): Line[] {
  const resends = retry?.methods?.some((method) => ['POST', 'LOCK', 'PATCH'].includes(method)) ?? true;
  return [
    '    location / {',
    '        proxy_pass http://backend;',
    '        proxy_http_version 1.1;',
    `        proxy_set_header Connection ${reuse ? '""' : 'close'};`,
    only(tcpKeepAliveMs !== null, '        proxy_socket_keepalive on;'),
    only(retry?.idempotencyKey === true, '        proxy_set_header Idempotency-Key $idempotency_key;'),
    only(retry !== null, [
      `        proxy_next_upstream error${resends ? ' non_idempotent' : ''};`,
      `        proxy_next_upstream_tries ${retry?.attemptsMax};`,
    ]),
    '    }',
  ];
}
