/**
 * Go's net/http, as client (`Transport`) and as server. Its pool tests `IdleConnTimeout` both by timer
 * and when a connection is taken (`queueForIdleConn`), so it can carry out an exact margin. Kept to the
 * standard library of Go 1.19.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { goRetrier } from './go-retrier.ts';
import { lines, only } from './lines.ts';
import { settingsClient } from './settings-client.ts';

const noAge = 'net/http limits neither the age of a connection nor its requests';

export const go = settingsClient({
  id: 'go',
  title: 'Go net/http',
  language: 'go',
  carried: {
    connection: ['reuse', 'idleTimeoutMs', 'idleCheck', 'tcpKeepAliveMs'],
    retry: ['methods', 'on', 'connection', 'backoffMs', 'idempotencyKey'],
    server: ['idleTimeoutMs'],
  },
  limits: {
    'connection.hintMarginMs': not(
      'net/http ignores the Keep-Alive hint; its idle timeout applies to every server',
    ),
    'connection.ageMaxMs': not(noAge),
    'connection.requestsMax': not(noAge),
    'connection.pick': not('net/http always takes the connection used last'),
    'retry.attemptsMax': partly(
      'the Transport itself retries GET, HEAD, OPTIONS, TRACE, and requests with an Idempotency-Key through the pool; this cannot be turned off, and these attempts come on top',
    ),
  },
  text(asked) {
    const { clientSide, serverIdleTimeoutMs, tcpKeepAliveMs, retry } = asked;
    return lines(
      '// Package httpclient holds the settings; rename it, or move the functions into your own.',
      'package httpclient',
      '',
      imports(asked),
      '',
      arithmetic(asked, '// '),
      only(clientSide, [
        'func NewClient() *http.Client {',
        '\ttransport := http.DefaultTransport.(*http.Transport).Clone()',
        connection(asked),
        only(tcpKeepAliveMs !== null, [
          `\tdialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: ${tcpKeepAliveMs} * time.Millisecond}`,
          '\ttransport.DialContext = dialer.DialContext',
        ]),
        retry === null ? '\treturn &http.Client{Transport: transport}' : goRetrier.use(retry),
        '}',
      ]),
      only(retry !== null, retry === null ? null : ['', goRetrier.type(retry)]),
      only(clientSide && serverIdleTimeoutMs !== null, ''),
      only(serverIdleTimeoutMs !== null, [
        'func NewServer(handler http.Handler) *http.Server {',
        `\treturn &http.Server{Handler: handler, IdleTimeout: ${serverIdleTimeoutMs} * time.Millisecond}`,
        '}',
      ]),
    );
  },
});

function connection({ reuse, idleTimeoutMs }: Asked): string | null {
  if (!reuse) return '\ttransport.DisableKeepAlives = true';
  return idleTimeoutMs === null ? null : `\ttransport.IdleConnTimeout = ${idleTimeoutMs} * time.Millisecond`;
}

function imports(asked: Asked): string[] {
  const { idleTimeoutMs, tcpKeepAliveMs, retry, serverIdleTimeoutMs } = asked;
  const packages = new Set(['net/http', ...(retry === null ? [] : goRetrier.imports(retry))]);
  if (tcpKeepAliveMs !== null) packages.add('net');
  if (idleTimeoutMs !== null || tcpKeepAliveMs !== null || serverIdleTimeoutMs !== null) packages.add('time');
  const sorted = [...packages].sort();
  return ['import (', ...sorted.map((name) => `\t"${name}"`), ')'];
}
