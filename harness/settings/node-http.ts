/**
 * Node's own `http.Agent`, and `http.Server` where the server's side changes.
 *
 * The Agent alone evicts by socket timer: under event-loop lag a reuse can win against the late timer.
 * So an age check at checkout is a subclass of a few lines: it destroys what is too old right before
 * the Agent looks for an idle socket. The Agent skips destroyed sockets only at the old end of its
 * list, which is why everything up to the youngest old one goes. The Agent also believes a shorter
 * `Keep-Alive` hint, and keeps nothing at a hint that its buffer eats up.
 */
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import { type Asked, hintedMs } from './asked.ts';
import { grouped, type Line, lines, only } from './lines.ts';
import { nodeHttpSend } from './node-http-send.ts';
import { settingsClient } from './settings-client.ts';

/** Older ones ignore the option, and take 1 s or nothing off each hint. */
const bufferOption = 'agentKeepAliveTimeoutBuffer';
const bufferCheck = [
  '',
  `if (!('${bufferOption}' in agent)) {`,
  `  throw new Error('http.Agent has no ${bufferOption}: use Node 24.7, 22.20 or newer');`,
  '}',
];
const countsNeither = 'http.Agent limits neither the age of a connection nor its requests';

export const nodeHttp = settingsClient({
  id: 'node-http',
  title: 'Node node:http',
  language: 'js',
  carried: {
    connection: ['reuse', 'idleTimeoutMs', 'pick', 'tcpKeepAliveMs'],
    retry: ['methods', 'on', 'connection', 'backoffMs', 'idempotencyKey'],
    server: ['idleTimeoutMs'],
  },
  limits: {
    'connection.hintMarginMs': partly(
      'http.Agent follows a hint only if it is shorter than the idle timeout; requires Node 24.7 or 22.20, and the code throws on older versions',
    ),
    'connection.idleCheck': partly(
      'http.Agent follows a hint that is shorter than the timer, and keeps no connection at "timeout=0" or "timeout=1"',
    ),
    'connection.ageMaxMs': not(countsNeither),
    'connection.requestsMax': not(countsNeither),
    'retry.attemptsMax': partly('http.Agent cannot retry; requests must go through send(), which can'),
  },
  text(asked) {
    const { clientSide, serverIdleTimeoutMs, retry } = asked;
    return lines(
      arithmetic(asked, '// '),
      only(clientSide, [
        '// For https, import node:https instead and take its Agent.',
        only(retry?.idempotencyKey === true, "import { randomUUID } from 'node:crypto';"),
        "import http from 'node:http';",
        '',
        agent(asked),
        only(asked.reuse && options(asked).some((one) => one.startsWith(bufferOption)), bufferCheck),
        only(retry !== null, retry === null ? null : ['', nodeHttpSend(retry)]),
      ]),
      only(serverIdleTimeoutMs !== null, [
        '',
        '/** For a server made by http.createServer(). Node closes a further keepAliveTimeoutBuffer (1 s) later. */',
        'export function keepLonger(server) {',
        `  server.keepAliveTimeout = ${grouped(serverIdleTimeoutMs ?? 0)};`,
        '  return server;',
        '}',
        '',
        '/**',
        ' * Stops the server. close() alone waits until connections that were busy at that moment have been idle',
        ' * for the whole idle timeout, which is long here, so a SIGTERM would seem to hang.',
        ' */',
        'export function stop(server) {',
        '  const sweep = setInterval(() => server.closeIdleConnections(), 100);',
        '  server.close(() => clearInterval(sweep));',
        '}',
      ]),
    );
  },
  notes: ({ idleTimeoutMs, serverIdleTimeoutMs, policy }) => [
    ...(serverIdleTimeoutMs === null
      ? []
      : [
          'server.idleTimeoutMs: a graceful stop takes as long as idle connections live; call stop() instead of close()',
        ]),
    ...(idleTimeoutMs !== null && policy.connection.idleCheck === 'checkout'
      ? [
          'Node does not document addRequest(), although agents on npm override it, too; without it, only the timer closes idle connections',
        ]
      : []),
  ],
});

function agent(asked: Asked): Line[] {
  const { reuse, idleTimeoutMs, hintMarginMs, policy } = asked;
  if (!reuse) return ['export const agent = new http.Agent({ keepAlive: false });'];
  const noAge = idleTimeoutMs === null && hintMarginMs === null;
  if (noAge || policy.connection.idleCheck === 'timer') {
    return [`export const agent = new http.Agent({ ${options(asked).join(', ')} });`];
  }
  return [
    subclass(hintMarginMs === null && idleTimeoutMs !== null ? grouped(idleTimeoutMs) : null),
    '',
    `export const agent = new AgeCheckingAgent({ ${options(asked).join(', ')} });`,
  ];
}

function options(asked: Asked): string[] {
  const { idleTimeoutMs, hintMarginMs, pick, tcpKeepAliveMs, policy } = asked;
  const byTimer = policy.connection.idleCheck === 'timer';
  const all = ['keepAlive: true'];
  if (pick === 'fifo') all.push("scheduling: 'fifo'");
  if (tcpKeepAliveMs !== null) all.push(`keepAliveMsecs: ${grouped(tcpKeepAliveMs)}`);
  if (idleTimeoutMs !== null && (byTimer || hintMarginMs !== null)) {
    all.push(`timeout: ${grouped(idleTimeoutMs)}`);
    // A truthful hint is whole seconds: it must not come out below the idle timeout where it need not.
    const buffer = hintMarginMs ?? (hintedMs(asked) ?? 0) - idleTimeoutMs;
    all.push(`${bufferOption}: ${grouped(Math.max(0, buffer))}`);
  } else if (hintMarginMs !== null) {
    // Without a timeout the Agent compares every hint with 0 and follows none.
    all.push('timeout: 2_147_483_647', `${bufferOption}: ${grouped(hintMarginMs)}`);
  }
  return all;
}

/** @param idleTimeout In ms, whatever the server hints; null: what the Agent makes of timeout and hint. */
function subclass(idleTimeout: string | null): string[] {
  return [
    ...(idleTimeout === null ? [] : [`const idleTimeoutMs = ${idleTimeout};`, '']),
    '/** Tests the idle age when a socket is taken; the timer only sweeps up. */',
    'class AgeCheckingAgent extends http.Agent {',
    '  #idleSinceMs = new WeakMap();',
    '',
    '  keepSocketAlive(socket) {',
    '    this.#idleSinceMs.set(socket, performance.now());',
    ...(idleTimeout === null
      ? ['    return super.keepSocketAlive(socket);']
      : ['    super.keepSocketAlive(socket);', '    socket.setTimeout(idleTimeoutMs);', '    return true;']),
    '  }',
    '',
    '  reuseSocket(socket, request) {',
    '    super.reuseSocket(socket, request);',
    '    socket.setTimeout(request.timeout ?? 0); // idling ends here',
    '  }',
    '',
    '  addRequest(...all) {',
    '    const nowMs = performance.now();',
    '    const old = (socket) => nowMs - this.#idleSinceMs.get(socket) >= socket.timeout;',
    '    for (const idle of Object.values(this.freeSockets)) {',
    '      for (const socket of idle.slice(0, idle.findLastIndex(old) + 1)) socket.destroy();',
    '    }',
    '    super.addRequest(...all);',
    '  }',
    '}',
  ];
}
