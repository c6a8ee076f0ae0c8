/**
 * Apache HttpClient 5, classic. Its pool tests an entry's expiry when the entry is leased, so a
 * keep-alive strategy carries out an exact age at checkout. Its default strategy uses the server's hint
 * without a margin, or 3 minutes if there is no hint.
 */
import { not, partly } from '../contract/carries.ts';
import type { RetryPolicy } from '../contract/policy.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { grouped, type Line, lines, only } from './lines.ts';
import { noServer, pooledRetries, settingsClient } from './settings-client.ts';

const comments = (asked: Asked) => arithmetic(asked, '// ');

export const apacheHttpClient = settingsClient({
  id: 'apache-httpclient',
  title: 'Apache HttpClient 5',
  language: 'java',
  carried: {
    connection: ['reuse', 'idleTimeoutMs', 'idleCheck', 'hintMarginMs', 'pick'],
    retry: ['attemptsMax', 'methods'],
  },
  limits: {
    'connection.ageMaxMs': partly('requires 5.2'),
    'connection.requestsMax': not('HttpClient has no limit on requests per connection'),
    'connection.tcpKeepAliveMs': partly(
      'the times require HttpCore 5.3; older versions have only setSoKeepAlive(true)',
    ),
    'retry.on': partly(
      'HttpClient does not report whether the connection was reused, so failures on new connections are retried, too',
    ),
    'retry.connection': pooledRetries,
    'retry.backoffMs': partly('requires a release later than 5.1'),
    'retry.idempotencyKey': not(
      'set it on your request: request.setHeader("Idempotency-Key", UUID.randomUUID()); an interceptor would make a new key for each attempt',
    ),
    'server.idleTimeoutMs': noServer,
  },
  text: (asked) =>
    asked.clientSide
      ? lines(
          imports(asked),
          '',
          comments(asked),
          'final class KeepAliveClient {',
          only(asked.hintMarginMs !== null, [
            '    private static final Pattern HINT = Pattern.compile("timeout=(\\\\d+)");',
            '',
          ]),
          '    static CloseableHttpClient create() {',
          manager(asked),
          '        return HttpClients.custom()',
          '                .setConnectionManager(connections)',
          keepAlive(asked),
          asked.retry === null ? null : retry(asked.retry),
          '                .build();',
          '    }',
          '}',
        )
      : lines(comments(asked)),
});

function manager({ ageMaxMs, pick, tcpKeepAliveMs }: Asked): Line[] {
  const seconds = Math.ceil((tcpKeepAliveMs ?? 0) / 1_000);
  return [
    '        PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()',
    only(pick === 'fifo', '                .setConnPoolPolicy(PoolReusePolicy.FIFO)'),
    only(ageMaxMs !== null, [
      '                .setDefaultConnectionConfig(ConnectionConfig.custom()',
      `                        .setTimeToLive(TimeValue.ofMilliseconds(${grouped(ageMaxMs ?? 0)})).build())`,
    ]),
    only(tcpKeepAliveMs !== null, [
      '                .setDefaultSocketConfig(SocketConfig.custom().setSoKeepAlive(true)',
      `                        .setTcpKeepIdle(${seconds}).setTcpKeepInterval(${seconds}).build())`,
    ]),
    '                .build();',
  ];
}

function keepAlive({ reuse, idleTimeoutMs, hintMarginMs }: Asked): Line[] {
  if (!reuse) {
    return [
      '                .setConnectionReuseStrategy((request, response, context) -> false)',
      '                .addRequestInterceptorFirst((request, entity, context) -> request.setHeader("Connection", "close"))',
    ];
  }
  const fixed = idleTimeoutMs === null ? null : `TimeValue.ofMilliseconds(${grouped(idleTimeoutMs)})`;
  if (hintMarginMs === null) {
    return [
      only(fixed !== null, [
        '                .evictExpiredConnections() // the sweep; the age is tested when a connection is leased',
        `                .setKeepAliveStrategy((response, context) -> ${fixed})`,
      ]),
    ];
  }
  return [
    '                .evictExpiredConnections() // the sweep; the age is tested when a connection is leased',
    '                .setKeepAliveStrategy((response, context) -> {',
    '                    Matcher hint = HINT.matcher(response.containsHeader("Keep-Alive")',
    '                            ? response.getFirstHeader("Keep-Alive").getValue() : "");',
    `                    if (!hint.find()) return ${fixed ?? 'TimeValue.ofMinutes(3)'};`,
    '                    // At 0 or below HttpClient would keep it for ever.',
    `                    return TimeValue.ofMilliseconds(Math.max(1, Long.parseLong(hint.group(1)) * 1_000 - ${grouped(hintMarginMs)}));`,
    '                })',
  ];
}

function retry({ attemptsMax, methods, backoffMs }: RetryPolicy): Line[] {
  const may =
    methods === null
      ? 'true'
      : `Set.of(${methods.map((method) => `"${method}"`).join(', ')}).contains(request.getMethod())`;
  return [
    // The constructor does not accept an interval of 0; a separate method sets the one for exceptions.
    `                .setRetryStrategy(new DefaultHttpRequestRetryStrategy(${attemptsMax - 1}, TimeValue.ofMilliseconds(1)) {`,
    '                    @Override',
    '                    protected boolean handleAsIdempotent(HttpRequest request) {',
    `                        return ${may};`,
    '                    }',
    '',
    '                    @Override',
    '                    public boolean retryRequest(HttpResponse response, int count, HttpContext context) {',
    '                        return false; // an answer is an answer, whatever its status',
    '                    }',
    only(backoffMs > 0, [
      '',
      '                    @Override',
      '                    public TimeValue getRetryInterval(',
      '                            HttpRequest request, IOException exception, int count, HttpContext context) {',
      `                        return TimeValue.ofMilliseconds(${grouped(Math.ceil(backoffMs))}L << (count - 1));`,
      '                    }',
    ]),
    '                })',
  ];
}

function imports(asked: Asked): string[] {
  const { ageMaxMs, pick, tcpKeepAliveMs, hintMarginMs, idleTimeoutMs, retry: again } = asked;
  const names = new Set([
    'org.apache.hc.client5.http.impl.classic.CloseableHttpClient',
    'org.apache.hc.client5.http.impl.classic.HttpClients',
    'org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager',
    'org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder',
  ]);
  const add = (wanted: boolean, ...more: readonly string[]) => {
    if (wanted) for (const name of more) names.add(name);
  };
  const time = 'org.apache.hc.core5.util.TimeValue';
  add(idleTimeoutMs !== null || hintMarginMs !== null, time);
  add(hintMarginMs !== null, 'java.util.regex.Matcher', 'java.util.regex.Pattern');
  add(ageMaxMs !== null, time, 'org.apache.hc.client5.http.config.ConnectionConfig');
  add(pick === 'fifo', 'org.apache.hc.core5.pool.PoolReusePolicy');
  add(tcpKeepAliveMs !== null, 'org.apache.hc.core5.http.io.SocketConfig');
  if (again !== null) {
    const core = ['HttpRequest', 'HttpResponse', 'protocol.HttpContext'];
    add(true, time, 'org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy');
    add(true, ...core.map((name) => `org.apache.hc.core5.http.${name}`));
    add(again.methods !== null, 'java.util.Set');
    add(again.backoffMs > 0, 'java.io.IOException');
  }
  return [...names].sort().map((name) => `import ${name};`);
}
