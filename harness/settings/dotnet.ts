/**
 * .NET's SocketsHttpHandler. `PooledConnectionIdleTimeout` is not checked when a connection is taken: a
 * scavenger runs every quarter of it, at most once a second (`HttpConnectionPoolManager`).
 * So a connection can be used up to X + max(1 s, X / 4) after its last use; X is chosen to keep that sum
 * within the policy's idle timeout. A hint is checked at checkout, always with N s minus 1 s.
 */

import { wrapText } from '../base/wrap-text.ts';
import { not, partly } from '../contract/carries.ts';
import type { RetryPolicy } from '../contract/policy.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { exactDuration } from './exact-duration.ts';
import { grouped, type Line, lines, only } from './lines.ts';
import { noServer, settingsClient } from './settings-client.ts';

/** The greatest X with X + max(1 s, X / 4) within the idle timeout; 0: there is none. */
function scavengedMs(idleTimeoutMs: number): number {
  return Math.max(0, Math.floor(Math.min(idleTimeoutMs * 0.8, idleTimeoutMs - 1_000)));
}

const comments = (asked: Asked) => arithmetic(asked, '// ');

export const dotnet = settingsClient({
  id: 'dotnet',
  title: '.NET SocketsHttpHandler',
  language: 'csharp',
  carried: {
    connection: ['reuse', 'idleCheck', 'ageMaxMs', 'tcpKeepAliveMs'],
    retry: ['methods', 'connection', 'backoffMs', 'idempotencyKey'],
  },
  limits: {
    'connection.idleTimeoutMs': partly(({ idleTimeoutMs }) => {
      if (idleTimeoutMs === null) return null;
      return scavengedMs(idleTimeoutMs) === 0
        ? 'the scavenger runs once a second, too rarely for this value, so no connection is reused'
        : 'a scavenger evicts, and no age is checked at checkout, so the value is reduced by the largest delay of the scavenger';
    }),
    'connection.hintMarginMs': not('.NET subtracts 1 s from every hint and has no setting for it'),
    'connection.requestsMax': not('.NET has no limit on requests per connection'),
    'connection.pick': not('.NET always takes the connection used last'),
    'retry.on': partly(
      '.NET does not report whether the connection was reused, so failures on new connections are retried, too',
    ),
    'retry.attemptsMax': partly(
      '.NET itself retries requests without a body up to 3 times; the handler applies to SendAsync and to buffered contents',
    ),
    'server.idleTimeoutMs': noServer,
  },
  text: (asked) =>
    asked.clientSide
      ? lines(
          imports(asked).map((name) => `using ${name};`),
          '',
          comments(asked),
          scavengerArithmetic(asked),
          'static class KeepAliveClient',
          '{',
          '    public static HttpClient Create()',
          '    {',
          handler(handlerOptions(asked)),
          client(asked.retry),
          '    }',
          '}',
          asked.retry === null ? null : ['', retryHandler(asked.retry)],
        )
      : lines(comments(asked)),
});

function scavengerArithmetic({ idleTimeoutMs }: Asked): string[] | null {
  if (idleTimeoutMs === null) return null;
  const keptMs = scavengedMs(idleTimeoutMs);
  if (keptMs === 0) return null;
  const lateMs = Math.max(1_000, keptMs / 4);
  const sum = `${exactDuration(keptMs)} + ${exactDuration(lateMs)} until the scavenger comes by = at most ${exactDuration(idleTimeoutMs)}.`;
  return wrapText(sum, 96, '// ');
}

function handler(options: readonly string[]): string[] {
  if (options.length === 0) return ['        var pool = new SocketsHttpHandler();'];
  return ['        var pool = new SocketsHttpHandler', '        {', ...options, '        };'];
}

function handlerOptions({ reuse, idleTimeoutMs, ageMaxMs, tcpKeepAliveMs }: Asked): string[] {
  const keptMs = idleTimeoutMs === null ? null : scavengedMs(idleTimeoutMs);
  const kept = reuse && keptMs !== 0;
  return [
    ...(kept ? [] : ['            PooledConnectionLifetime = TimeSpan.Zero, // not kept']),
    ...(kept && keptMs !== null
      ? [`            PooledConnectionIdleTimeout = TimeSpan.FromMilliseconds(${grouped(keptMs)}),`]
      : []),
    ...(kept && ageMaxMs !== null
      ? [`            PooledConnectionLifetime = TimeSpan.FromMilliseconds(${grouped(ageMaxMs)}),`]
      : []),
    ...(tcpKeepAliveMs === null ? [] : probingConnect(Math.ceil(tcpKeepAliveMs / 1_000))),
  ];
}

function probingConnect(seconds: number): string[] {
  return [
    '            ConnectCallback = async (context, cancellation) =>',
    '            {',
    '                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };',
    '                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);',
    `                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ${seconds});`,
    `                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ${seconds});`,
    '                await socket.ConnectAsync(context.DnsEndPoint, cancellation);',
    '                return new NetworkStream(socket, ownsSocket: true);',
    '            },',
  ];
}

function client(retry: RetryPolicy | null): Line[] {
  if (retry === null) return ['        return new HttpClient(pool);'];
  return [
    only(
      retry.connection === 'fresh',
      '        var fresh = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };',
    ),
    `        return new HttpClient(new RaceRetryHandler(pool, ${retry.connection === 'fresh' ? 'fresh' : 'pool'}));`,
  ];
}

function retryHandler({ attemptsMax, methods, backoffMs, idempotencyKey }: RetryPolicy): Line[] {
  const list = methods?.map((method) => `"${method}"`).join(', ');
  return [
    '// An IOException without a response is a connection that died; a body cut later does not come by here.',
    'sealed class RaceRetryHandler(HttpMessageHandler first, HttpMessageHandler again) : DelegatingHandler(first)',
    '{',
    `    const int AttemptsMax = ${attemptsMax};`,
    only(methods !== null, `    static readonly HashSet<string> Methods = [${list}];`),
    '    readonly HttpMessageInvoker _again = new(again);',
    '',
    '    protected override async Task<HttpResponseMessage> SendAsync(',
    '        HttpRequestMessage request, CancellationToken cancellation)',
    '    {',
    only(idempotencyKey, [
      '        if (!request.Headers.Contains("Idempotency-Key"))',
      '            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());',
    ]),
    '        for (var attempt = 1; ; attempt++)',
    '        {',
    '            try',
    '            {',
    '                return attempt == 1',
    '                    ? await base.SendAsync(request, cancellation)',
    '                    : await _again.SendAsync(request, cancellation);',
    '            }',
    '            catch (HttpRequestException error) when (',
    `                attempt < AttemptsMax && error.InnerException is IOException${methods === null ? '' : ' && Methods.Contains(request.Method.Method)'})`,
    '            {',
    backoffMs > 0
      ? `                await Task.Delay(${grouped(Math.ceil(backoffMs))} << (attempt - 1), cancellation);`
      : '                // Again, at once.',
    '            }',
    '        }',
    '    }',
    '}',
  ];
}

function imports({ tcpKeepAliveMs, retry }: Asked): string[] {
  return [
    'System',
    ...(retry?.methods == null ? [] : ['System.Collections.Generic']),
    ...(retry === null ? [] : ['System.IO']),
    'System.Net.Http',
    ...(tcpKeepAliveMs === null ? [] : ['System.Net.Sockets']),
    ...(retry === null ? [] : ['System.Threading', 'System.Threading.Tasks']),
  ];
}
