/**
 * The JDK's java.net.http.HttpClient: everything is a system property, in whole seconds, and its pool
 * evicts by timer. An idle time is counted from the start of the second that it began in, so it comes
 * out up to 1 s shorter, never longer. Written as an argument file, since properties that are set by
 * a program may come too late.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { type Line, lines, only } from './lines.ts';
import { noServer, pooledRetries, settingsClient } from './settings-client.ts';

const none = 'java.net.http has no setting for it';

export const java = settingsClient({
  id: 'java',
  title: 'Java java.net.http.HttpClient',
  language: 'text',
  carried: { connection: ['idleCheck'], retry: ['on'] },
  limits: {
    'connection.reuse': partly(
      'the JDK restricts the Connection header; the property that allows it is documented as for tests',
    ),
    'connection.idleTimeoutMs': partly(({ idleTimeoutMs }) =>
      idleTimeoutMs === null
        ? null
        : idleTimeoutMs < 1_000
          ? 'whole seconds only, and 0 allows almost no reuse; the pool does not check the age at checkout'
          : 'whole seconds only, and the effective timeout is up to 1 s shorter; the pool evicts by timer and does not check the age at checkout',
    ),
    'connection.hintMarginMs': not('java.net.http ignores the Keep-Alive hint'),
    'connection.ageMaxMs': not(none),
    'connection.requestsMax': not(none),
    'connection.pick': not('java.net.http always takes the connection that is idle longest'),
    'connection.tcpKeepAliveMs': not(none),
    'retry.methods': partly(({ retry }) =>
      retry?.methods == null || sameMethods(retry.methods, ['GET', 'HEAD'])
        ? null
        : 'the JDK retries either GET and HEAD or any method; the setting stays at GET and HEAD',
    ),
    'retry.connection': pooledRetries,
    'retry.attemptsMax': partly('retries take any connection from the pool, and redirects count as attempts'),
    'retry.backoffMs': not('retries are sent at once'),
    'retry.idempotencyKey': not(
      'set it on your request: .header("Idempotency-Key", UUID.randomUUID().toString())',
    ),
    'server.idleTimeoutMs': noServer,
  },
  text: (asked) =>
    lines(
      '# Argument file of the JVM: java @idle.args -jar app.jar',
      arithmetic(asked, '# '),
      asked.clientSide ? properties(asked) : null,
    ),
});

function properties({ reuse, idleTimeoutMs, retry }: Asked): Line[] {
  if (!reuse) {
    return [
      '# On each request: HttpRequest.newBuilder(uri).header("Connection", "close")',
      '-Djdk.httpclient.allowRestrictedHeaders=connection',
    ];
  }
  return [
    only(
      idleTimeoutMs !== null,
      `-Djdk.httpclient.keepalive.timeout=${Math.floor((idleTimeoutMs ?? 0) / 1_000)}`,
    ),
    only(retry !== null, `-Djdk.httpclient.redirects.retrylimit=${retry?.attemptsMax}`),
    only(retry !== null && retry.methods === null, '-Djdk.httpclient.enableAllMethodRetry=true'),
  ];
}

function sameMethods(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((method) => others.includes(method));
}
