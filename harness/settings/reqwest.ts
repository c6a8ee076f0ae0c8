/**
 * reqwest on hyper, whose pool tests the idle age when a connection is taken. Its retries are policies
 * for one host, with a budget.
 */
import { not, partly } from '../contract/carries.ts';
import type { RetryPolicy } from '../contract/policy.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { grouped, type Line, lines, only } from './lines.ts';
import { noServer, pooledRetries, settingsClient } from './settings-client.ts';

const none = 'reqwest limits neither the age of a connection nor its requests';

const comments = (asked: Asked) => arithmetic(asked, '// ');

export const reqwest = settingsClient({
  id: 'reqwest',
  title: 'Rust reqwest',
  language: 'rust',
  carried: { connection: ['reuse', 'idleTimeoutMs', 'idleCheck', 'tcpKeepAliveMs'], retry: ['methods'] },
  limits: {
    'connection.hintMarginMs': not('reqwest ignores the Keep-Alive hint'),
    'connection.ageMaxMs': not(none),
    'connection.requestsMax': not(none),
    'connection.pick': not('reqwest always takes the connection used last'),
    'retry.on': partly(
      'reqwest does not report whether the connection was reused, so failures on new connections are retried, too',
    ),
    'retry.attemptsMax': partly(
      'requires 0.12.23; name your host in for_host(); its budget allows retries of at most 20 % of requests, and streamed bodies are not retried',
    ),
    'retry.connection': pooledRetries,
    'retry.backoffMs': not('retries are sent at once'),
    'retry.idempotencyKey': not('set it on your request: .header("Idempotency-Key", key)'),
    'server.idleTimeoutMs': noServer,
  },
  text: (asked) =>
    asked.clientSide
      ? lines(
          only(asked.idleTimeoutMs !== null || asked.tcpKeepAliveMs !== null, [
            'use std::time::Duration;',
            '',
          ]),
          comments(asked),
          'pub fn new_client() -> reqwest::Result<reqwest::Client> {',
          '    reqwest::Client::builder()',
          builder(asked),
          '        .build()',
          '}',
        )
      : lines(comments(asked)),
});

function builder({ reuse, idleTimeoutMs, tcpKeepAliveMs, retry }: Asked): Line[] {
  const probes = `Duration::from_millis(${grouped(tcpKeepAliveMs ?? 0)})`;
  return [
    only(!reuse, '        .pool_max_idle_per_host(0)'),
    only(
      idleTimeoutMs !== null,
      `        .pool_idle_timeout(Duration::from_millis(${grouped(idleTimeoutMs ?? 0)}))`,
    ),
    only(tcpKeepAliveMs !== null, [
      `        .tcp_keepalive(${probes})`,
      `        .tcp_keepalive_interval(${probes})`,
    ]),
    retry === null ? null : retrying(retry),
  ];
}

function retrying({ attemptsMax, methods }: RetryPolicy): Line[] {
  return [
    '        .retry(',
    '            reqwest::retry::for_host("api.example.com")',
    `                .max_retries_per_request(${attemptsMax - 1})`,
    '                .classify_fn(|attempt| {',
    '                    let died = attempt',
    '                        .error()',
    '                        .and_then(|error| error.downcast_ref::<reqwest::Error>())',
    '                        .is_some_and(|error| !error.is_connect() && !error.is_timeout());',
    only(
      methods !== null,
      `                    let died = died && [${methods?.map((method) => `"${method}"`).join(', ')}].contains(&attempt.method().as_str());`,
    ),
    '                    if died { attempt.retryable() } else { attempt.success() }',
    '                }),',
    '        )',
  ];
}
