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
      'the header Connection is a restricted one: the JDK allows it by a property that it calls one for tests',
    ),
    'connection.idleTimeoutMs': partly(({ idleTimeoutMs }) =>
      idleTimeoutMs === null
        ? null
        : idleTimeoutMs < 1_000
          ? 'whole seconds only, and 0 means that practically nothing is reused; the pool tests no age at checkout'
          : 'whole seconds only, and up to 1 s less is what comes of it; the pool evicts by timer and tests no age at checkout',
    ),
    'connection.hintMarginMs': not('java.net.http reads no Keep-Alive hint'),
    'connection.ageMaxMs': not(none),
    'connection.requestsMax': not(none),
    'connection.pick': not('java.net.http always takes the connection that is idle longest'),
    'connection.tcpKeepAliveMs': not(none),
    'retry.methods': partly(({ retry }) =>
      retry?.methods == null || sameMethods(retry.methods, ['GET', 'HEAD'])
        ? null
        : 'GET and HEAD, or any method: the JDK knows nothing in between; left at GET and HEAD',
    ),
    'retry.connection': pooledRetries,
    'retry.attemptsMax': partly('retries take what the pool has, and redirects count as attempts'),
    'retry.backoffMs': not('retries are sent at once'),
    'retry.idempotencyKey': not(
      'is a header of your request: .header("Idempotency-Key", UUID.randomUUID().toString())',
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
