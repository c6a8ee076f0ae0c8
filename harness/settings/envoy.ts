/**
 * Envoy: a cluster's connections, evicted by timer, and its routes' retries. `reset-before-request` does
 * not cover the race, because the request has already been sent. Durations are seconds with a fraction.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { type Line, lines, only } from './lines.ts';
import { noServer, pooledRetries, settingsClient, timerOnly } from './settings-client.ts';

export const envoy = settingsClient({
  id: 'envoy',
  title: 'Envoy cluster and route',
  language: 'yaml',
  carried: {
    connection: ['reuse', 'idleCheck', 'ageMaxMs', 'requestsMax', 'tcpKeepAliveMs'],
    retry: ['attemptsMax', 'methods', 'idempotencyKey'],
  },
  limits: {
    'connection.idleTimeoutMs': timerOnly('a worker'),
    'connection.hintMarginMs': not('Envoy ignores the Keep-Alive hint'),
    'connection.pick': not('Envoy has no setting for it'),
    'retry.on': partly(
      '"reset" also covers a connection that fails on its first request, and the timeout of a single try',
    ),
    'retry.connection': pooledRetries,
    'retry.backoffMs': partly('Envoy waits for a random time up to this value, at least 1 ms'),
    'server.idleTimeoutMs': noServer,
  },
  text: (asked) =>
    lines(
      arithmetic(asked, '# '),
      only(asked.clientSide, cluster(asked)),
      asked.clientSide && asked.retry !== null ? routes(asked) : null,
    ),
});

function cluster(asked: Asked): Line[] {
  const { tcpKeepAliveMs } = asked;
  const seconds = Math.ceil((tcpKeepAliveMs ?? 0) / 1_000);
  const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const common = commonOptions(asked);
  return [
    'clusters:',
    '  - name: backend',
    '    typed_extension_protocol_options:',
    `      ${options}:`,
    `        "@type": type.googleapis.com/${options}`,
    '        explicit_http_config:',
    '          http_protocol_options: {}',
    only(common.length > 0, ['        common_http_protocol_options:', ...common]),
    only(tcpKeepAliveMs !== null, [
      '    upstream_connection_options:',
      '      tcp_keepalive:',
      `        keepalive_time: ${seconds}`,
      `        keepalive_interval: ${seconds}`,
    ]),
  ];
}

function commonOptions({ reuse, idleTimeoutMs, ageMaxMs, requestsMax }: Asked): string[] {
  if (!reuse) return ['          max_requests_per_connection: 1'];
  return [
    ...(idleTimeoutMs === null ? [] : [`          idle_timeout: ${seconds(idleTimeoutMs)}`]),
    ...(ageMaxMs === null ? [] : [`          max_connection_duration: ${seconds(ageMaxMs)}`]),
    ...(requestsMax === null ? [] : [`          max_requests_per_connection: ${requestsMax}`]),
  ];
}

function routes({ retry }: Asked): Line[] {
  if (retry === null) return [];
  const { attemptsMax, methods, backoffMs, idempotencyKey } = retry;
  const waitMs = Math.max(1, Math.ceil(backoffMs));
  return [
    'routes:',
    '  - match:',
    '      prefix: /',
    only(methods !== null, [
      '      headers:',
      '        - name: ":method"',
      '          string_match:',
      '            safe_regex:',
      `              regex: ${methods?.join('|')}`,
    ]),
    only(idempotencyKey, [
      '    request_headers_to_add:',
      '      - header:',
      '          key: idempotency-key',
      '          value: "%REQ(X-REQUEST-ID)%"',
      '        append_action: ADD_IF_ABSENT',
    ]),
    '    route:',
    '      cluster: backend',
    '      retry_policy:',
    '        retry_on: reset',
    `        num_retries: ${attemptsMax - 1}`,
    '        retry_back_off:',
    `          base_interval: ${seconds(waitMs)}`,
    `          max_interval: ${seconds(waitMs * 2 ** Math.max(0, attemptsMax - 2))}`,
    only(methods !== null, ['  - match:', '      prefix: /', '    route:', '      cluster: backend']),
  ];
}

function seconds(ms: number): string {
  return `${ms / 1_000}s`;
}
