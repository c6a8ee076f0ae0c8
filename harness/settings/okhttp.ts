/**
 * OkHttp. A background task closes what has idled for `keepAliveDuration`; when a connection is taken
 * its age is not tested. It reads no hint, and sends any method again by itself.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { grouped, type Line, lines, only } from './lines.ts';
import { noServer, pooledRetries, settingsClient, timerOnly } from './settings-client.ts';

const none = 'OkHttp has no setting for it';

const comments = (asked: Asked) => arithmetic(asked, '// ');

export const okhttp = settingsClient({
  id: 'okhttp',
  title: 'OkHttp',
  language: 'java',
  carried: { connection: ['reuse', 'idleCheck'], retry: ['idempotencyKey'] },
  limits: {
    'connection.idleTimeoutMs': timerOnly('its background task'),
    'connection.hintMarginMs': not('OkHttp ignores the Keep-Alive hint'),
    'connection.ageMaxMs': not(none),
    'connection.requestsMax': not(none),
    'connection.pick': not('OkHttp always takes the idle connection that was opened first'),
    'connection.tcpKeepAliveMs': not('requires a custom SocketFactory that calls setKeepAlive(true)'),
    'retry.on': partly(
      'OkHttp also retries after other connection failures, for example a connection that could not be opened',
    ),
    'retry.attemptsMax': partly(
      'on or off, without a count; turn it off to keep a POST from executing twice, but then the race causes failures',
    ),
    'retry.methods': partly(({ retry }) =>
      retry?.methods == null
        ? null
        : 'OkHttp retries any method; for the others use client.newBuilder().retryOnConnectionFailure(false).build()',
    ),
    'retry.connection': pooledRetries,
    'retry.backoffMs': not('retries are sent at once'),
    'server.idleTimeoutMs': noServer,
  },
  text: (asked) =>
    asked.clientSide
      ? lines(
          imports(asked).map((name) => `import ${name};`),
          '',
          comments(asked),
          'final class KeepAliveClient {',
          '    static OkHttpClient create() {',
          '        return new OkHttpClient.Builder()',
          builder(asked),
          '                .build();',
          '    }',
          '}',
        )
      : lines(comments(asked)),
});

function builder({ reuse, idleTimeoutMs, retry }: Asked): Line[] {
  return [
    only(!reuse, [
      '                .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))',
      '                .addInterceptor(chain -> chain.proceed(',
      '                        chain.request().newBuilder().header("Connection", "close").build()))',
    ]),
    only(idleTimeoutMs !== null, [
      `                .connectionPool(new ConnectionPool(5, ${grouped(idleTimeoutMs ?? 0)}, TimeUnit.MILLISECONDS))`,
    ]),
    only(retry?.idempotencyKey === true, [
      '                .addInterceptor(chain -> chain.proceed(chain.request().header("Idempotency-Key") != null',
      '                        ? chain.request()',
      '                        : chain.request().newBuilder()',
      '                                .header("Idempotency-Key", UUID.randomUUID().toString()).build()))',
    ]),
    only(retry !== null, '                .retryOnConnectionFailure(true)'),
  ];
}

function imports({ reuse, idleTimeoutMs, retry }: Asked): string[] {
  const pool = !reuse || idleTimeoutMs !== null;
  return [
    ...(retry?.idempotencyKey === true ? ['java.util.UUID'] : []),
    ...(pool ? ['java.util.concurrent.TimeUnit', 'okhttp3.ConnectionPool'] : []),
    'okhttp3.OkHttpClient',
  ];
}
