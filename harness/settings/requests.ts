/**
 * Python's requests on urllib3 2, which know no idle timeout: urllib3 asks the kernel whether a FIN has
 * arrived (`is_connected`) whenever it takes a connection. So that is where the age is tested, in a
 * connection class that the adapter puts in place. Idle is counted from the answer's header, which
 * makes a connection look older than it is, never younger.
 */
import { not, partly } from '../contract/carries.ts';
import type { RetryPolicy } from '../contract/policy.ts';
import { arithmetic } from './arithmetic.ts';
import type { Asked } from './asked.ts';
import { type Line, lines, only } from './lines.ts';
import { noServer, pooledRetries, settingsClient } from './settings-client.ts';

const none = 'urllib3 limits neither the age of a connection nor its requests';

export const requests = settingsClient({
  id: 'requests',
  title: 'Python requests and urllib3',
  language: 'python',
  carried: {
    connection: ['reuse', 'idleCheck', 'tcpKeepAliveMs'],
    retry: ['attemptsMax', 'methods', 'idempotencyKey'],
  },
  limits: {
    'connection.idleTimeoutMs': partly(({ idleTimeoutMs }) =>
      idleTimeoutMs === null
        ? null
        : 'requests has no idle timeout, so the classes in this code check the age; urllib3 1 does not call them, so the code rejects it',
    ),
    'connection.hintMarginMs': not('requests ignores the Keep-Alive hint'),
    'connection.ageMaxMs': not(none),
    'connection.requestsMax': not(none),
    'connection.pick': not('urllib3 always takes the connection used last'),
    'retry.on': partly(
      'urllib3 does not report whether the connection was reused, so failures on new connections are retried, too',
    ),
    'retry.connection': pooledRetries,
    'retry.backoffMs': partly('urllib3 sends the first retry at once and waits from the second retry on'),
    'server.idleTimeoutMs': noServer,
  },
  text: (asked) => {
    const comments = arithmetic(asked, '# ');
    if (!asked.clientSide) return lines(comments);
    const { reuse, idleTimeoutMs, retry } = asked;
    return lines(
      imports(asked),
      only(idleTimeoutMs !== null, versionCheck),
      '',
      comments,
      only(idleTimeoutMs !== null, [`IDLE_MAX_S = ${(idleTimeoutMs ?? 0) / 1_000}`, agedPools]),
      only(adapted(asked), adapter(asked)),
      retry === null ? null : retrying(retry),
      '',
      '',
      'def new_session():',
      '    session = requests.Session()',
      only(!reuse, '    session.headers["Connection"] = "close"'),
      mount(asked),
      '    return session',
    );
  },
});

/** Whether requests' own adapter would not do. */
function adapted({ idleTimeoutMs, tcpKeepAliveMs, retry }: Asked): boolean {
  return idleTimeoutMs !== null || tcpKeepAliveMs !== null || retry?.idempotencyKey === true;
}

/** urllib3 1.26, which Debian 12 and Ubuntu 22.04 install, never reads `is_connected`: no age would be tested. */
const versionCheck = [
  '',
  'if int(urllib3.__version__.split(".")[0]) < 2:',
  '    raise ImportError(f"urllib3 {urllib3.__version__} tests no idle age: install urllib3 2 or newer")',
];

const agedPools = [
  '',
  '',
  'class Aged:',
  '    """Taken from the pool only while it is young enough."""',
  '',
  '    idle_since = 0.0',
  '',
  '    def getresponse(self):',
  '        response = super().getresponse()',
  '        self.idle_since = time.monotonic()',
  '        return response',
  '',
  '    @property',
  '    def is_connected(self):',
  '        young = time.monotonic() - self.idle_since < IDLE_MAX_S',
  '        return young and super().is_connected',
  '',
  '',
  'class AgedHTTPConnection(Aged, HTTPConnection):',
  '    pass',
  '',
  '',
  'class AgedHTTPSConnection(Aged, HTTPSConnection):',
  '    pass',
  '',
  '',
  'class AgedHTTPPool(HTTPConnectionPool):',
  '    ConnectionCls = AgedHTTPConnection',
  '',
  '',
  'class AgedHTTPSPool(HTTPSConnectionPool):',
  '    ConnectionCls = AgedHTTPSConnection',
];

function adapter({ idleTimeoutMs, tcpKeepAliveMs, retry }: Asked): Line[] {
  const seconds = Math.ceil((tcpKeepAliveMs ?? 0) / 1_000);
  const aged = idleTimeoutMs !== null;
  return [
    '',
    '',
    'class KeepAliveAdapter(HTTPAdapter):',
    only(aged || tcpKeepAliveMs !== null, [
      '    def init_poolmanager(self, *args, **kwargs):',
      only(tcpKeepAliveMs !== null, [
        '        kwargs["socket_options"] = HTTPConnection.default_socket_options + [',
        '            (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),',
        `            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, ${seconds}),`,
        `            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, ${seconds}),`,
        '        ]',
      ]),
      '        super().init_poolmanager(*args, **kwargs)',
      only(aged, [
        '        classes = {"http": AgedHTTPPool, "https": AgedHTTPSPool}',
        '        self.poolmanager.pool_classes_by_scheme = classes',
      ]),
    ]),
    only(retry?.idempotencyKey === true, [
      only(aged || tcpKeepAliveMs !== null, ''),
      '    def add_headers(self, request, **kwargs):',
      '        request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))',
    ]),
  ];
}

function retrying({ attemptsMax, methods, backoffMs }: RetryPolicy): Line[] {
  const allowed = methods === null ? 'None' : `{${methods.map((method) => `"${method}"`).join(', ')}}`;
  return [
    '',
    '',
    'class RaceRetry(Retry):',
    '    def increment(self, method=None, url=None, response=None, error=None, *args, **kwargs):',
    '        if isinstance(error, ReadTimeoutError):',
    '            raise error  # no death: the server may be at work on it',
    '        return super().increment(method, url, response, error, *args, **kwargs)',
    '',
    '',
    'retries = RaceRetry(',
    `    total=${attemptsMax - 1}, connect=0, read=${attemptsMax - 1}, redirect=0, status=0, other=0,`,
    `    allowed_methods=${allowed}, backoff_factor=${backoffMs / 1_000}, raise_on_status=False,`,
    ')',
  ];
}

function mount(asked: Asked): Line[] {
  if (!adapted(asked) && asked.retry === null) return [];
  const type = adapted(asked) ? 'KeepAliveAdapter' : 'HTTPAdapter';
  return [
    `    adapter = ${type}(${asked.retry === null ? '' : 'max_retries=retries'})`,
    '    session.mount("http://", adapter)',
    '    session.mount("https://", adapter)',
  ];
}

function imports(asked: Asked): Line[] {
  const { idleTimeoutMs, tcpKeepAliveMs, retry } = asked;
  const standard = [
    only(tcpKeepAliveMs !== null, 'import socket'),
    only(idleTimeoutMs !== null, 'import time'),
    only(retry?.idempotencyKey === true, 'import uuid'),
  ].filter((line) => line !== null);
  return [
    standard,
    only(standard.length > 0, ''),
    'import requests',
    only(idleTimeoutMs !== null, 'import urllib3'),
    only(adapted(asked) || retry !== null, 'from requests.adapters import HTTPAdapter'),
    only(idleTimeoutMs !== null, [
      'from urllib3.connection import HTTPConnection, HTTPSConnection',
      'from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool',
    ]),
    only(idleTimeoutMs === null && tcpKeepAliveMs !== null, 'from urllib3.connection import HTTPConnection'),
    only(retry !== null, [
      'from urllib3.exceptions import ReadTimeoutError',
      'from urllib3.util import Retry',
    ]),
  ];
}
