import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HarnessError } from '../base/errors.ts';
import { initTemplate } from './init-template.ts';
import { readMatrix } from './read-matrix.ts';

const good = `name: test
rounds: 2
warmup: 400ms
duration: 1s
target: { kind: embedded, idleTimeout: 500ms }
network: { rtt: 10ms }
traffic: { kind: think-time, clients: 10, gap: { uniform: [250ms, 600ms] } }
request: { method: POST }
strategies: [reuse, evict+retry]
`;

const read = (text: string, more = {}) => readMatrix(text, '/work/matrix.yaml', { cwd: '/work', ...more });

function refusal(text: string, more = {}): HarnessError {
  try {
    read(text, more);
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

test('readMatrix() fills in every default, in ms and bytes', () => {
  const config = read(good);
  expect(config).toMatchObject({
    name: 'test',
    seed: 1,
    rounds: 2,
    warmupMs: 400,
    durationMs: 1_000,
    reference: 'reuse',
    allowHosts: [],
  });
  expect(config.strategies).toEqual([
    { label: 'reuse', parts: [{ use: 'reuse', options: {} }] },
    {
      label: 'evict+retry',
      parts: [
        { use: 'evict', options: {} },
        { use: 'retry', options: {} },
      ],
    },
  ]);
  expect(config.scenarios).toEqual([
    {
      id: 'main',
      axes: {},
      target: {
        kind: 'embedded',
        idleTimeoutMs: 500,
        tls: false,
        insecure: false,
        idleJitterMs: 0,
        advertise: 'idle-timeout',
        serviceMs: { kind: 'fixed', value: 0 },
        serviceBy: 'wait',
        responseBytes: { kind: 'fixed', value: 128 },
        faults: {},
        faultMs: 1_000,
      },
      via: null,
      network: { rttMs: 10, upstreamRttMs: 0 },
      traffic: { kind: 'think-time', clients: 10, gapMs: { kind: 'uniform', min: 250, max: 600 } },
      requests: [
        {
          weight: 1,
          template: { method: 'POST', path: '/', headers: {} },
          bodyBytes: { kind: 'fixed', value: 0 },
        },
      ],
      client: {
        kind: 'lean',
        settings: 'policy',
        connectionsPerClientMax: null,
        connectTimeoutMs: 2_000,
        requestTimeoutMs: 5_000,
      },
      lagAllowance: { serverLagMs: 50, clientLagMs: 50 },
    },
  ]);
});

test.each([
  ['20ms', { serverLagMs: 20, clientLagMs: 20 }],
  ['{ server: 20ms, client: 70ms }', { serverLagMs: 20, clientLagMs: 70 }],
])('readMatrix() reads a lag allowance of %s', (written, lagAllowance) => {
  const { scenarios } = read(good.replace(/network: .*/, `network: { rtt: 10ms, lagAllowance: ${written} }`));
  expect(scenarios[0]).toMatchObject({ network: { rttMs: 10 }, lagAllowance });
});

test('readMatrix() takes gaps as shares of the idle timeout, of each scenario its own', () => {
  const relative = good.replace(/gap: .*/, 'gap: { uniform: [80%, 110 %] } }');
  const { scenarios } = read(`${relative}sweep: { target.idleTimeout: [500ms, 2s] }\n`);
  expect(scenarios.map(({ traffic }) => traffic)).toMatchObject([
    { gapMs: { kind: 'uniform', min: 400, max: 550 } },
    { gapMs: { kind: 'uniform', min: 1_600, max: 2_200 } },
  ]);
});

test.each([
  ['98%', { kind: 'fixed', value: 490 }],
  ['{ fixed: 50% }', { kind: 'fixed', value: 250 }],
  ['{ uniform: [100ms, 110%] }', { kind: 'uniform', min: 100, max: 550 }],
  ['{ normal: { mean: 100%, sd: 20ms } }', { kind: 'normal', mean: 500, sd: 20 }],
  ['{ lognormal: { median: 10%, sigma: 1 } }', { kind: 'lognormal', median: 50, sigma: 1 }],
  [
    '{ mixture: [{ weight: 1, of: 5ms }, { weight: 2, of: { exponential: { mean: 12.5% } } }] }',
    {
      kind: 'mixture',
      parts: [
        { weight: 1, of: { kind: 'fixed', value: 5 } },
        { weight: 2, of: { kind: 'exponential', mean: 62.5 } },
      ],
    },
  ],
])('readMatrix() reads a gap of %s', (gap, gapMs) => {
  const { scenarios } = read(good.replace(/gap: .*/, `gap: ${gap} }`));
  expect(scenarios[0].traffic).toMatchObject({ gapMs });
});

test('readMatrix() spreads a sweep out in the order of its axes', () => {
  const { scenarios } = read(
    `${good}sweep: { network.rtt: [1ms, 40ms], traffic.gap: [{ fixed: 1s }, 2s] }\n`,
  );
  expect(scenarios.map(({ id }) => id)).toEqual([
    'rtt-1ms_gap-fixed-1s',
    'rtt-1ms_gap-2s',
    'rtt-40ms_gap-fixed-1s',
    'rtt-40ms_gap-2s',
  ]);
  expect(scenarios[2].axes).toEqual({ 'network.rtt': '40ms', 'traffic.gap': 'fixed:1s' });
  expect(scenarios[2].network.rttMs).toBe(40);
  expect(scenarios[3].traffic).toMatchObject({ gapMs: { kind: 'fixed', value: 2_000 } });
});

test('readMatrix() reads every target kind, what stands before it, and a driver by its path', () => {
  const [embedded, go, nginx, command, url] = [
    '{ kind: embedded, idleTimeout: none, idleJitter: 100ms, advertise: 2s }',
    '{ kind: go, idleTimeout: 500ms, idleTimeoutBy: ReadTimeout, faults: { fin-executed: 3 } }',
    '{ kind: nginx, idleTimeout: 1s }',
    "{ kind: command, command: [node, server.js, '{port}'], idleTimeout: 5s }",
    '{ kind: url, url: "http://127.0.0.1:1", idleTimeout: 5s, pid: 7, metrics: "http://127.0.0.1:2/m" }',
  ].map((target) => read(good.replace(/target: .*/, `target: ${target}`)).scenarios[0].target);
  expect(embedded).toMatchObject({ idleTimeoutMs: null, idleJitterMs: 100, advertise: 2_000 });
  expect(go).toMatchObject({
    idleTimeoutMs: 500,
    idleTimeoutBy: 'ReadTimeout',
    faults: { 'fin-executed': 3 },
  });
  expect(nginx).toEqual({
    kind: 'nginx',
    idleTimeoutMs: 1_000,
    requestsPerConnectionMax: 1_000_000,
    responseBytes: 128,
  });
  expect(command).toMatchObject({ command: ['node', 'server.js', '{port}'], readyWithinMs: 10_000 });
  expect(url).toMatchObject({ pid: 7, metricsUrl: 'http://127.0.0.1:2/m' });
  const [nginxBetween, haproxyBetween] = ['nginx', 'haproxy'].map(
    (kind) => read(`${good}via: { kind: ${kind} }\n`).scenarios[0].via,
  );
  expect(nginxBetween).toMatchObject({ upstreamIdleTimeoutMs: 60_000, nextUpstream: ['error', 'timeout'] });
  expect(haproxyBetween).toMatchObject({ httpReuse: 'safe', retryOn: ['conn-failure'], retriesMax: 3 });
  const { client } = read(`${good}client: { kind: ./my-driver, settings: own }\n`).scenarios[0];
  expect(client).toMatchObject({ kind: expect.stringMatching(/^\/.*\/my-driver$/), settings: 'own' });
});

test.each([
  [
    'network: { rtt: 10ms }',
    'network: { rtt: 10ms, upstreamRtt: 5ms }',
    /upstreamRtt.*no second hop without via/,
  ],
  [
    /target: .*/,
    'target: { kind: embedded, tls: true, idleTimeout: 5s }\nvia: { kind: nginx }',
    /via: the second hop is plain HTTP/,
  ],
  [
    /target: .*/,
    'target: { kind: url, url: "https://127.0.0.1:1", idleTimeout: 5s }\nvia: { kind: haproxy }',
    /via: the second hop is plain HTTP/,
  ],
  [
    /target: .*/,
    'target: { kind: command, command: [node], idleTimeout: 5s }',
    /one word must contain {port}/,
  ],
  [
    /target: .*/,
    'target: { kind: url, url: "http://127.0.0.1:1", idleTimeout: 5s, metrics: "http://example.com/" }',
    /"example.com" is not loopback/,
  ],
])('readMatrix() refuses %s → %s', (from, to, says) => {
  expect(() => read(good.replace(from, to))).toThrow(says);
});

test('readMatrix() reads faults, and sweeps them', () => {
  const faults = 'faults: { no-close-notify: 2, refuse: 0 }, faultTime: 2s';
  const text = good.replace('500ms }', `500ms, tls: true, ${faults} }`);
  const { scenarios } = read(`${text}sweep: { target.faults.fin-executed: [1, 5] }\n`);
  expect(scenarios.map(({ id, target }) => ({ id, target }))).toMatchObject([
    { id: 'fin-executed-1', target: { faults: { 'no-close-notify': 2, 'fin-executed': 1 }, faultMs: 2_000 } },
    { id: 'fin-executed-5', target: { faults: { 'no-close-notify': 2, 'fin-executed': 5 } } },
  ]);
});

test('readMatrix() takes what the command line says over what the file says', () => {
  const config = read(good, { seed: 7, rounds: 9, durationMs: 250, strategies: 'retry, ./mine.ts' });
  expect(config).toMatchObject({ seed: 7, rounds: 9, durationMs: 250, reference: 'retry' });
  expect(config.strategies[1]).toEqual({ label: 'mine', parts: [{ use: '/work/mine.ts', options: {} }] });
});

test('readMatrix() keeps the file’s reference where --strategies has it, else takes the first', () => {
  const text = `${good}reference: evict+retry\n`;
  expect(read(text, { strategies: 'retry,evict+retry' }).reference).toBe('evict+retry');
  expect(read(text, { strategies: 'retry,evict' }).reference).toBe('retry');
});

test('readMatrix() reads JSON, and a mix of requests with weights', () => {
  const config = read(
    JSON.stringify({
      target: { kind: 'embedded', idleTimeout: '1s' },
      traffic: { kind: 'poisson', clients: 1, rate: 10 },
      request: [
        { weight: 3, method: 'GET' },
        { path: '/b', bodyBytes: { uniform: [1, '4KiB'] } },
      ],
      strategies: [{ use: './a.js', label: 'A', options: { x: 1 } }],
    }),
  );
  expect(config.name).toBe('matrix');
  expect(config.scenarios[0].requests.map(({ weight, bodyBytes }) => ({ weight, bodyBytes }))).toEqual([
    { weight: 3, bodyBytes: { kind: 'fixed', value: 0 } },
    { weight: 1, bodyBytes: { kind: 'uniform', min: 1, max: 4_096 } },
  ]);
});

const change = (from: string, to: string) => good.replace(from, to);

test.each([
  {
    what: 'a typo',
    text: change('rounds: 2', 'ronds: 2'),
    says: ['matrix.yaml:2:1: ronds', 'did you mean "rounds"'],
  },
  {
    what: 'a typo deep down',
    text: change('clients: 10', 'cleints: 10'),
    says: ['matrix.yaml:7:', 'traffic.cleints', '"clients"'],
  },
  {
    what: 'a missing unit',
    text: change('400ms', '400'),
    says: ['matrix.yaml:3:9: warmup', 'did you mean "400ms"', '400'],
  },
  {
    what: 'a gap without unit',
    text: change('[250ms, 600ms]', '[250, 600ms]'),
    says: ['matrix.yaml:7:', 'traffic.gap'],
  },
  {
    what: 'min above max',
    text: change('[250ms, 600ms]', '[700ms, 600ms]'),
    says: ['matrix.yaml:7:', 'min at or below max'],
  },
  { what: 'no rounds', text: change('rounds: 2', 'rounds: 0'), says: ['matrix.yaml:2:9: rounds', '0'] },
  {
    what: 'an unknown traffic kind',
    text: change('think-time', 'thinktime'),
    says: ['matrix.yaml:7:', 'traffic.kind', 'think-time'],
  },
  {
    what: 'a missing field',
    text: change('idleTimeout: 500ms', 'tls: true'),
    says: ['target.idleTimeout', 'missing'],
  },
  {
    what: 'insecure without tls',
    text: change('500ms }', '500ms, insecure: true }'),
    says: ['matrix.yaml:5:', 'tls: true'],
  },
  {
    what: 'a label twice',
    text: change('evict+retry', 'reuse'),
    says: ['matrix.yaml:9:', '"reuse" is listed twice'],
  },
  {
    what: 'an unknown reference',
    text: `${good}reference: evict\n`,
    says: ['matrix.yaml:10:', 'reference', 'evict'],
  },
  {
    what: 'a header with a line break',
    text: change('method: POST', 'headers: { a: "b\\r\\nc: d" }'),
    says: ['matrix.yaml:8:', 'one line'],
  },
  { what: 'a method in small letters', text: change('POST', 'post'), says: ['matrix.yaml:8:', 'capitals'] },
  {
    what: 'a swept field that is not there',
    text: `${good}sweep: { network.rrt: [1ms] }\n`,
    says: ['matrix.yaml:10:', 'network.rrt', 'rtt'],
  },
  {
    what: 'a swept value that is wrong',
    text: `${good}sweep:\n  network.rtt:\n    - 1ms\n    - 7\n`,
    says: ['matrix.yaml:13:', '"7ms"'],
  },
  {
    what: 'a sweep of a run field',
    text: `${good}sweep: { rounds: [1, 2] }\n`,
    says: ['matrix.yaml:10:', 'whole run'],
  },
  {
    what: 'a sweep of the generators',
    text: `${good}sweep: { generators: [1, 2] }\n`,
    says: ['matrix.yaml:10:', 'whole run'],
  },
  {
    what: 'too many scenarios',
    text: `${good}sweep: { network.rtt: [${Array.from({ length: 501 }, (_, i) => `${i}ms`)}] }\n`,
    says: ['501 scenarios'],
  },
  {
    what: 'options of a combination',
    text: change('evict+retry', '{ use: evict+retry, options: { marginMs: 1 } }'),
    says: ['matrix.yaml:9:', 'options'],
  },
  { what: 'broken YAML', text: change('evict+retry]', 'evict+retry'), says: ['matrix.yaml:'] },
  { what: 'nothing at all', text: '', says: ['target'] },
])('readMatrix() refuses $what with its line and what would be right', ({ text, says }) => {
  const { code, exitCode, message } = refusal(text);
  expect([code, exitCode]).toEqual(['config-invalid', 2]);
  for (const words of says) expect(message).toContain(words);
});

test('readMatrix() tells every problem at once, in the order of the lines', () => {
  const { message } = refusal(
    change('rounds: 2', 'ronds: 2').replace('400ms', '400').replace('POST', 'post'),
  );
  const lines = [...message.matchAll(/matrix\.yaml:(\d+)/g)].map(([, line]) => Number(line));
  expect(lines).toEqual([2, 3, 8]);
});

test.each([
  ['http://127.0.0.1:80', true],
  ['http://127.9.9.9:80', true],
  ['http://localhost:80', true],
  ['http://[::1]:80', true],
  ['http://2130706433:80', true], // 127.0.0.1 as one number: URL writes it out
  ['http://127.0.0.1.example.com', false],
  ['http://localhost.example.com', false],
  ['http://[::ffff:10.0.0.1]', false],
  ['http://10.0.0.1', false],
  ['http://127.0.0.1@example.com', false],
])('readMatrix() takes %s for loopback: %s', (url, allowed) => {
  const text = change('{ kind: embedded,', `{ kind: url, url: "${url}",`);
  if (allowed) expect(read(text).scenarios[0].target).toMatchObject({ kind: 'url' });
  else expect(refusal(text).message).toMatch(/is not loopback|are not sent/);
});

test('readMatrix() lets requests go where allowHosts says', () => {
  const text = change('{ kind: embedded,', '{ kind: url, url: "http://staging.example.com",');
  expect(refusal(text).code).toBe('host-not-allowed');
  expect(read(`${text}allowHosts: [Staging.example.com]\n`).allowHosts).toEqual(['Staging.example.com']);
});

test('readMatrix() says which scenarios there are when --only names none of them', () => {
  const swept = `${good}sweep: { network.rtt: [1ms, 2ms] }\n`;
  expect(read(swept, { only: 'rtt-2ms' }).scenarios.map(({ id }) => id)).toEqual(['rtt-2ms']);
  expect(refusal(swept, { only: 'rtt-3ms' }).message).toContain('rtt-1ms, rtt-2ms');
});

test('what idlerace init writes can be run', () => {
  expect(read(initTemplate).strategies.map(({ label }) => label)).toContain('evict+retry');
});

test.each(['quickstart', 'tcp-probes', 'sweep-3x3', 'your-strategy'])(
  'examples/%s.yaml can be run',
  (name) => {
    const file = join(import.meta.dirname, '../../examples', `${name}.yaml`);
    expect(read(readFileSync(file, 'utf8')).name).toBe(name);
  },
);
