/**
 * undici's `Agent`, for its `request` and for `fetch` with `dispatcher`.
 *
 * How long a socket idles: without a hint `keepAliveTimeout`; with one, the smaller of hint minus
 * `keepAliveTimeoutThreshold` and `keepAliveMaxTimeout`, and at 0 or less it is closed at once. Hints are
 * whole seconds, rounded down by the server, so the threshold is that floor minus the idle timeout. It is
 * not negative, so that no connection is kept past the server's promise; only a floor of 0 s is no promise
 * but rounding, and would keep nothing.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import { type Asked, hintedMs } from './asked.ts';
import { grouped, lines, only } from './lines.ts';
import { noServer, settingsClient, timerOnly } from './settings-client.ts';
import { undiciRetry } from './undici-retry.ts';

export const undici = settingsClient({
  id: 'undici',
  title: 'undici and fetch in Node',
  language: 'js',
  carried: {
    connection: ['reuse', 'idleCheck', 'requestsMax', 'tcpKeepAliveMs'],
    retry: ['methods', 'connection', 'backoffMs', 'idempotencyKey'],
  },
  limits: {
    'connection.idleTimeoutMs': timerOnly('the event loop'),
    'connection.hintMarginMs': partly(({ idleTimeoutMs, hintMarginMs }) =>
      hintMarginMs !== null && idleTimeoutMs === null
        ? 'without a hint undici keeps a connection for its default of 4 s'
        : null,
    ),
    'connection.ageMaxMs': not(
      'clientTtl does not apply to a connection in use; set it on Pool if that is sufficient',
    ),
    'connection.pick': not('undici always takes the free connection that was opened first'),
    'retry.on': partly(
      'undici does not report whether the connection was reused, so failures on new connections are retried, too',
    ),
    'retry.attemptsMax': partly(
      'undici retries only bodies that can be sent twice: text, Buffer, Uint8Array, or none; fetch turns every body into a stream',
    ),
    'server.idleTimeoutMs': noServer,
  },
  text(asked) {
    const { retry } = asked;
    return lines(
      arithmetic(asked, '// '),
      only(asked.clientSide, [
        only(retry?.idempotencyKey === true, "import { randomUUID } from 'node:crypto';"),
        only(timed(asked), ["import undici, { Agent } from 'undici';", '', ...versionCheck]),
        only(!timed(asked), "import { Agent } from 'undici';"),
        '',
        retry === null ? ['// request(url, { dispatcher: agent }), fetch(url, { dispatcher: agent })'] : null,
        pool(asked, retry === null ? 'export const agent' : 'const pool'),
        only(retry !== null, retry === null ? null : ['', undiciRetry(retry)]),
      ]),
    );
  },
});

/** Whether it depends on timers and handlers, which changed with undici 7. */
function timed({ idleTimeoutMs, hintMarginMs, retry }: Asked): boolean {
  return idleTimeoutMs !== null || hintMarginMs !== null || retry !== null;
}

/** cacheStores came with undici 7. */
const versionCheck = [
  "if (!('cacheStores' in undici)) {",
  "  throw new Error('These settings need undici 7 or newer: older ones can close idle sockets 1 s late');",
  '}',
];

function pool(asked: Asked, declaration: string): string[] {
  const all = options(asked);
  if (all.length === 0) return [`${declaration} = new Agent();`];
  return [`${declaration} = new Agent({`, ...all.map((option) => `  ${option},`), '});'];
}

function options(asked: Asked): string[] {
  const { reuse, idleTimeoutMs, requestsMax, tcpKeepAliveMs } = asked;
  const probes =
    tcpKeepAliveMs === null
      ? []
      : [`connect: { keepAlive: true, keepAliveInitialDelay: ${grouped(tcpKeepAliveMs)} }`];
  if (!reuse) return ['pipelining: 0', ...probes];
  return [
    ...(idleTimeoutMs === null ? [] : [`keepAliveTimeout: ${grouped(idleTimeoutMs)}`]),
    ...hintOptions(asked),
    ...(requestsMax === null ? [] : [`maxRequestsPerClient: ${grouped(requestsMax)}`]),
    ...probes,
  ];
}

function hintOptions(asked: Asked): string[] {
  const { idleTimeoutMs, hintMarginMs } = asked;
  if (hintMarginMs !== null) {
    // undici caps what hints give at 10 minutes; a longer idle timeout says that more is wanted.
    const cap =
      idleTimeoutMs !== null && idleTimeoutMs > 600_000
        ? [`keepAliveMaxTimeout: ${grouped(idleTimeoutMs)}`]
        : [];
    return [`keepAliveTimeoutThreshold: ${grouped(hintMarginMs)}`, ...cap];
  }
  if (idleTimeoutMs === null) return [];
  const hintMs = hintedMs(asked) ?? idleTimeoutMs;
  const threshold = hintMs === 0 ? -idleTimeoutMs : Math.max(0, hintMs - idleTimeoutMs);
  return [
    `keepAliveMaxTimeout: ${grouped(idleTimeoutMs)}`,
    `keepAliveTimeoutThreshold: ${grouped(threshold)}`,
  ];
}
