import { expect, test } from 'vitest';
import { evictsAt, facts, policies, policyOf } from '../../test/fixtures/policies.ts';
import { knobRows } from '../contract/knobs.ts';
import type { Policy, PolicyChange } from '../contract/policy.ts';
import { settingsClients } from './settings.ts';

function render(id: string, policy: Policy) {
  const client = settingsClients.find((one) => one.id === id);
  if (client === undefined) throw new Error(`no client ${id}`);
  return client.render(policy, facts);
}

type Expected = readonly [client: string, policy: keyof typeof policies, ...lines: readonly string[]];

const table: readonly Expected[] = [
  ['go', 'evict', '\ttransport.IdleConnTimeout = 4949 * time.Millisecond'],
  ['go', 'short-lived', '\ttransport.DisableKeepAlives = true'],
  ['go', 'evict at once', '\ttransport.DisableKeepAlives = true'],
  ['go', 'retry', 'const attemptsMax = 2', '\tfresh.DisableKeepAlives = true'],
  ['go', 'retry, pooled and careful', 'var retryMethods = map[string]bool{"GET": true, "PUT": true}'],
  ['go', 'long-idle', '\treturn &http.Server{Handler: handler, IdleTimeout: 61051 * time.Millisecond}'],
  ['node-http', 'reuse', 'export const agent = new http.Agent({ keepAlive: true });'],
  ['node-http', 'evict', 'const idleTimeoutMs = 4_949;', 'class AgeCheckingAgent extends http.Agent {'],
  [
    'node-http',
    'evict by timer',
    'export const agent = new http.Agent({ keepAlive: true, timeout: 4_949, agentKeepAliveTimeoutBuffer: 51 });',
  ],
  [
    'node-http',
    'evict by hint',
    'export const agent = new AgeCheckingAgent({ keepAlive: true, timeout: 4_949, agentKeepAliveTimeoutBuffer: 51 });',
  ],
  ['node-http', 'short-lived', 'export const agent = new http.Agent({ keepAlive: false });'],
  [
    'node-http',
    'retry',
    'const attemptsMax = 2;',
    'export async function send(url, options = {}, body = null) {',
  ],
  ['node-http', 'retry, pooled and careful', "const retryMethods = new Set(['GET', 'PUT']);"],
  ['node-http', 'long-idle', '  server.keepAliveTimeout = 61_051;'],
  [
    'undici',
    'evict',
    '  keepAliveTimeout: 4_949,',
    '  keepAliveMaxTimeout: 4_949,',
    '  keepAliveTimeoutThreshold: 51,',
  ],
  ['undici', 'evict by hint', '  keepAliveTimeout: 4_949,', '  keepAliveTimeoutThreshold: 51,'],
  ['undici', 'short-lived', '  pipelining: 0,'],
  [
    'undici',
    'retry',
    'const attemptsMax = 2;',
    'const fresh = new Agent({ pipelining: 0 }); // a connection for each request',
  ],
  ['undici', 'tcp-probes', '  connect: { keepAlive: true, keepAliveInitialDelay: 1_500 },'],
  ['java', 'evict', '-Djdk.httpclient.keepalive.timeout=4'],
  ['java', 'evict within a second', '-Djdk.httpclient.keepalive.timeout=0'],
  ['java', 'short-lived', '-Djdk.httpclient.allowRestrictedHeaders=connection'],
  ['java', 'retry', '-Djdk.httpclient.redirects.retrylimit=2', '-Djdk.httpclient.enableAllMethodRetry=true'],
  [
    'apache-httpclient',
    'evict',
    '                .setKeepAliveStrategy((response, context) -> TimeValue.ofMilliseconds(4_949))',
  ],
  [
    'apache-httpclient',
    'short-lived',
    '                .setConnectionReuseStrategy((request, response, context) -> false)',
  ],
  [
    'apache-httpclient',
    'retry',
    '                .setRetryStrategy(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofMilliseconds(1)) {',
    '                        return true;',
  ],
  ['okhttp', 'evict', '                .connectionPool(new ConnectionPool(5, 4_949, TimeUnit.MILLISECONDS))'],
  [
    'okhttp',
    'short-lived',
    '                .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))',
  ],
  ['okhttp', 'retry', '                .retryOnConnectionFailure(true)'],
  ['requests', 'evict', 'IDLE_MAX_S = 4.949'],
  ['requests', 'short-lived', '    session.headers["Connection"] = "close"'],
  ['requests', 'retry', '    total=1, connect=0, read=1, redirect=0, status=0, other=0,'],
  [
    'requests',
    'retry, pooled and careful',
    '    allowed_methods={"GET", "PUT"}, backoff_factor=0.02, raise_on_status=False,',
  ],
  ['reqwest', 'evict', '        .pool_idle_timeout(Duration::from_millis(4_949))'],
  ['reqwest', 'short-lived', '        .pool_max_idle_per_host(0)'],
  ['reqwest', 'retry', '                .max_retries_per_request(1)'],
  // 3,949 + 1,000 until the scavenger comes by.
  ['dotnet', 'evict', '            PooledConnectionIdleTimeout = TimeSpan.FromMilliseconds(3_949),'],
  ['dotnet', 'evict within a second', '            PooledConnectionLifetime = TimeSpan.Zero, // not kept'],
  ['dotnet', 'short-lived', '            PooledConnectionLifetime = TimeSpan.Zero, // not kept'],
  ['dotnet', 'retry', '    const int AttemptsMax = 2;'],
  ['nginx', 'evict', '    keepalive 32;', '    keepalive_timeout 4949ms;'],
  ['nginx', 'short-lived', '        proxy_set_header Connection close;'],
  [
    'nginx',
    'retry',
    '        proxy_next_upstream error non_idempotent;',
    '        proxy_next_upstream_tries 2;',
  ],
  ['nginx', 'retry, pooled and careful', '        proxy_next_upstream error;'],
  ['nginx', 'long-idle', '    keepalive_timeout 61051ms;'],
  ['haproxy', 'short-lived', '    http-reuse never', '    option http-server-close'],
  ['haproxy', 'retry', '    retries 1', '    retry-on conn-failure empty-response'],
  ['haproxy', 'retry, pooled and careful', '    http-request disable-l7-retry unless { method GET PUT }'],
  ['haproxy', 'long-idle', '    timeout http-keep-alive 61051ms'],
  ['envoy', 'evict', '          idle_timeout: 4.949s'],
  ['envoy', 'short-lived', '          max_requests_per_connection: 1'],
  ['envoy', 'retry', '        retry_on: reset', '        num_retries: 1'],
  ['alb', 'evict', '  --attributes Key=idle_timeout.timeout_seconds,Value=4'],
  ['alb', 'long-idle', '  --attributes Key=idle_timeout.timeout_seconds,Value=62'],
];

for (const [client, policy, ...lines] of table) {
  test(`${client} says for "${policy}": ${lines[0].trim()}`, () => {
    const rendered = render(client, policies[policy]).text.split('\n');
    for (const line of lines) expect(rendered).toContain(line);
  });
}

test('every client has lines of its own in the table above, for each side that it has', () => {
  const named = new Set(table.map(([client]) => client));
  expect(settingsClients.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
});

test.each(settingsClients)('$id opens with the arithmetic, in whole seconds or with a fraction', ({ id }) => {
  if (id === 'haproxy') return; // refuses it
  const said = render(id, policies.evict)
    .text.replaceAll(/\s*(\n|#|\/\/)\s*/g, ' ')
    .replaceAll(/ +/g, ' ');
  expect(said).toContain(
    'Server idle timeout 5s - margin 51ms (round trip 1ms + server lag 30ms + client lag 20ms) = 4.949s',
  );
});

/** Each knob alone; what depends on a retry comes with one. */
const knobChanges: readonly (readonly [knob: string, change: PolicyChange])[] = [
  ['connection.reuse', { connection: { reuse: false } }],
  ['connection.idleTimeoutMs', { connection: { idleTimeoutMs: 4_949 } }],
  ['connection.hintMarginMs', { connection: { hintMarginMs: 51 } }],
  ['connection.ageMaxMs', { connection: { ageMaxMs: 60_000 } }],
  ['connection.requestsMax', { connection: { requestsMax: 100 } }],
  ['connection.pick', { connection: { pick: 'fifo' } }],
  ['connection.tcpKeepAliveMs', { connection: { tcpKeepAliveMs: 1_000 } }],
  ['retry.attemptsMax', { retry: { attemptsMax: 2, on: ['idle-race'] } }],
];
const retryChanges: readonly (readonly [knob: string, change: PolicyChange['retry']])[] = [
  ['retry.methods', { methods: ['GET', 'POST'] }],
  ['retry.connection', { connection: 'pooled' }],
  ['retry.backoffMs', { backoffMs: 10 }],
  ['retry.idempotencyKey', { idempotencyKey: true }],
  ['retry.on', { on: ['idle-race', 'timeout'] }],
];

test('every knob is in the lists above', () => {
  const listed = [...knobChanges, ...retryChanges].map(([knob]) => knob);
  // Separate tests below cover these.
  const others = ['connection.idleCheck', 'server.idleTimeoutMs'];
  expect([...listed, ...others].sort()).toEqual([...knobRows.keys()].sort());
});

test.each(settingsClients)('$id carries out every knob or names it', ({ id, render: rendered }) => {
  const both = (policy: Policy) => {
    const { text, notes } = rendered(policy, facts);
    // Comments alone carry nothing out.
    return { code: text.replaceAll(/^\s*(#|\/\/|\/?\*).*$/gm, ''), notes };
  };
  const plain = both(policies.reuse);
  const named = (notes: readonly string[], knob: string) =>
    notes.some((note) => note.startsWith(`${knob}: `));
  for (const [knob, change] of knobChanges) {
    const { code, notes } = both(policyOf(change));
    expect(code !== plain.code || named(notes, knob), `${id}: ${knob}`).toBe(true);
  }
  const { attemptsMax, on } = policies.retry.retry;
  const retrying = both(policies.retry);
  // A stack without retries says so once.
  if (retrying.code === plain.code && named(retrying.notes, 'retry.attemptsMax')) return;
  for (const [knob, change] of retryChanges) {
    const { code, notes } = both(policyOf({ retry: { attemptsMax, on, ...change } }));
    // What a stack does with a pool is pooled already; what it says of "fresh" then goes.
    const known = knob === 'retry.connection' && named(retrying.notes, knob);
    expect(code !== retrying.code || named(notes, knob) || known, `${id}: ${knob}`).toBe(true);
  }
});

test.each(['undici', 'okhttp', 'nginx', 'envoy'])(
  '%s says that it tests no age at checkout, unless a timer is all that is asked',
  (id) => {
    const notes = (policy: Policy) => render(id, policy).notes.join();
    expect(notes(policies.evict)).toContain('not checked at checkout');
    expect(notes(policies['evict by timer'])).not.toContain('not checked at checkout');
  },
);

test.each(settingsClients)(
  '$id writes the idle timeout of a server, or says where',
  ({ render: rendered }) => {
    const { text, notes } = rendered(policyOf({ server: { idleTimeoutMs: 61_051 } }), facts);
    const code = text.replaceAll(/^\s*(#|\/\/|\/?\*).*$/gm, '');
    const where = notes.some((note) =>
      note.startsWith('server.idleTimeoutMs: is a setting of the server (61.051s)'),
    );
    expect(/61_?051|Value=62/.test(code)).toBe(!where);
  },
);

test('a margin below round trip + both lags is named, by every client that keeps an idle timeout', () => {
  for (const { id, render: rendered } of settingsClients) {
    const { notes } = rendered(evictsAt(4_990), facts);
    expect(
      notes.some((note) => note.includes('requests can still race')),
      id,
    ).toBe(true);
  }
});

test('a POST that may be sent again is named, a key makes it safe only with the server', () => {
  for (const { id, render: rendered } of settingsClients) {
    expect(rendered(policies.retry, facts).notes.join(), id).toContain('can execute twice');
    const keyed = rendered(policies.everything, facts).notes.join();
    expect(keyed, id).toContain('only if the server stores and compares the key');
  }
});

test('a server without an idle timeout leaves nothing to evict, and the client its own number', () => {
  const endless = { ...facts, serverIdleTimeoutMs: null };
  for (const { render: rendered } of settingsClients) {
    const { text } = rendered(policyOf({ connection: { idleTimeoutMs: 4_949 } }, endless), endless);
    expect(text).not.toMatch(/NaN|null[^,]|undefined|Infinity/);
  }
});
