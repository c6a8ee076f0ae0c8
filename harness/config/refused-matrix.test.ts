/** Matrices that must not run: each with the exact place and the words that matter. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HarnessError } from '../base/errors.ts';
import { type Overrides, readMatrix } from './read-matrix.ts';

const good = `target: { kind: embedded, idleTimeout: 500ms }
traffic: { kind: think-time, clients: 10, gap: { uniform: [250ms, 600ms] } }
strategies: [reuse, retry]
`;
const gap = '{ uniform: [250ms, 600ms] }';
const traffic = `{ kind: think-time, clients: 10, gap: ${gap} }`;
const target = '{ kind: embedded, idleTimeout: 500ms }';
const change = (from: string, to: string) => good.replace(from, to);
const toUrl = (url: string) => change(target, `{ kind: url, url: "${url}", idleTimeout: 5s }`);

function refusal(text: string, overrides: Partial<Overrides> = {}): HarnessError {
  try {
    readMatrix(text, '/work/m.yaml', { cwd: '/work', ...overrides });
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

test.each([
  ['a field twice', `${good}seed: 1\nseed: 2\n`, 'm.yaml:5:1: this field is listed twice'],
  ['tabs', 'target:\n\tkind: embedded\n', 'm.yaml:2:1: expected spaces'],
  ['two documents', `${good}---\na: 1\n`, 'm.yaml:4:1: a second document'],
  ['an unknown tag', `${good}name: !!js/function x\n`, 'm.yaml:4:7: '],
  ['an alias of nothing', `${good}name: *nope\n`, 'm.yaml:4:7: there is no "&nope"'],
  ['a list as a key', `${good}? [a, b]\n: 5\n`, 'm.yaml:4:3: a field needs a name'],
  ['a list', '- a\n', 'm.yaml:1:1: expected fields, for example "target:"'],
  ['a name without value', `${good}name:\n`, 'm.yaml:4:6: name: expected a text; it is null'],
  ['a name of two lines', `${good}name: "a\\nb"\n`, 'm.yaml:4:7: name: expected one line'],
  [
    'no strategies',
    change('strategies: [reuse, retry]\n', ''),
    'm.yaml:1:1: strategies: it is missing; expected a list',
  ],
  [
    'a number as a text',
    change('clients: 10', 'clients: "10"'),
    'm.yaml:2:39: traffic.clients: expected a number',
  ],
  [
    'no clients',
    change('clients: 10', 'clients: 0'),
    'm.yaml:2:39: traffic.clients: expected at least 1; it is 0',
  ],
  [
    'a choice mistyped',
    change('500ms }', '500ms, service: { by: brun } }'),
    'm.yaml:1:62: target.service.by: expected "wait" or "burn"; it is "brun"',
  ],
  [
    'a share of no idle timeout',
    change(gap, '{ uniform: [80%, 110%] }').replace('idleTimeout: 500ms', 'idleTimeout: none'),
    'traffic.gap: a share of target.idleTimeout needs a target with an idle timeout',
  ],
  [
    'a range of shares that is upside down',
    change(gap, '{ uniform: [110%, 80%] }'),
    'traffic.gap.uniform: uniform: [min, max] needs min at or below max',
  ],
  [
    'a range upside down, of both kinds of length',
    change(gap, '{ uniform: [90%, 400ms] }'),
    'traffic.gap: uniform: [min, max] needs min at or below max',
  ],
  [
    'a share where only a duration is possible',
    change('500ms }', '500ms, service: { time: 50% } }'),
    'target.service.time: expected a value, for example 500ms,',
  ],
  [
    'a gap mistyped',
    change('uniform:', 'unifrom:'),
    'm.yaml:2:50: traffic.gap.unifrom: there is no such field; did you mean "uniform"?',
  ],
  [
    'two gaps',
    change(gap, '{ fixed: 1s, exponential: { mean: 1s } }'),
    'm.yaml:2:48: traffic.gap: expected a value, for example 500ms or 90%, or one distribution',
  ],
  ['half a gap', change(gap, '{ normal: { mean: 5ms } }'), 'traffic.gap.normal.sd: it is missing'],
  [
    'a mixture with a wrong part',
    change(gap, '{ mixture: [{ weight: 1, of: { uniform: [9ms, 1ms] } }] }'),
    'm.yaml:2:88: traffic.gap.mixture.0.of.uniform: uniform: [min, max]',
  ],
  [
    'a knob of another traffic kind',
    change(traffic, '{ kind: closed, clients: 5, gap: 5ms }'),
    'm.yaml:2:38: traffic.gap: there is no such field; there are: kind, clients, requestsMax',
  ],
  [
    'jitter above half the period',
    change(traffic, '{ kind: heartbeat, clients: 5, period: 1s, jitter: 600ms }'),
    'm.yaml:2:61: traffic.jitter: at most half the period is possible, 500ms; it is 600ms',
  ],
  [
    'a burst longer than its period',
    change(traffic, '{ kind: bursts, clients: 5, requests: 9, period: 1s, spread: 2s }'),
    'traffic.spread: at most the period is possible, 1s; it is 2s',
  ],
  [
    'a timer that Node would fire at once',
    `${good}client: { requestTimeout: 600h }\n`,
    'm.yaml:4:27: client.requestTimeout: expected at most 24h',
  ],
  ['a trial of more than a day', `${good}duration: 24h\n`, 'm.yaml:4:11: duration: at most a trial'],
  [
    'a body beyond all bounds',
    `${good}request: { bodyBytes: 9000MB }\n`,
    'm.yaml:4:23: request.bodyBytes: expected at most 16MiB',
  ],
  [
    'a duration for a size',
    `${good}request: { bodyBytes: 5ms }\n`,
    'm.yaml:4:23: request.bodyBytes: expected a value, for example 512 or 4KiB',
  ],
  [
    'a header that frames',
    `${good}request: { headers: { Content-Length: "5" } }\n`,
    'm.yaml:4:23: request.headers.Content-Length: the harness sets this header itself',
  ],
  [
    'a line break in a header name',
    `${good}request: { headers: { "x\\ny": a } }\n`,
    'm.yaml:4:23: request.headers.x\\ny: a header name',
  ],
  [
    'a fault mistyped',
    change('500ms }', '500ms, faults: { fin-exceuted: 5 } }'),
    'm.yaml:1:57: target.faults.fin-exceuted: there is no such field; did you mean "fin-executed"?',
  ],
  [
    'half a fault',
    change('500ms }', '500ms, faults: { refuse: 0.5 } }'),
    'target.faults.refuse: expected a whole number; it is 0.5',
  ],
  [
    'a TLS fault without TLS',
    change('500ms }', '500ms, faults: { no-close-notify: 1 } }'),
    'm.yaml:1:74: target.faults.no-close-notify: there is no close_notify to leave out without tls: true',
  ],
  [
    'faults in a closed loop',
    change(traffic, '{ kind: closed, clients: 5 }').replace('500ms }', '500ms, faults: { refuse: 1 } }'),
    'm.yaml:1:55: target.faults: which requests a closed loop will send',
  ],
  [
    'a fault without duration',
    change('500ms }', '500ms, faultTime: 0 }'),
    'm.yaml:1:58: target.faultTime: expected more than 0',
  ],
  ['a tunnel', `${good}request: { method: CONNECT }\n`, 'm.yaml:4:20: request.method: CONNECT'],
  ['a fragment', `${good}request: { path: "/a#b" }\n`, 'm.yaml:4:18: request.path'],
  [
    'a typo within a list of requests',
    `${good}request: [{ method: GET }, { metod: GET }]\n`,
    'm.yaml:4:30: request.1.metod: there is no such field; did you mean "method"?',
  ],
  [
    'a strategy mistyped',
    change('retry]', '{ uses: retry }]'),
    'm.yaml:3:23: strategies.1.uses: there is no such field; did you mean "use"?',
  ],
  [
    'an option that is a block',
    change('retry]', '{ use: retry, options: { a: { b: 1 } } }]'),
    'strategies.1.options.a: expected true or false',
  ],
  [
    'a combination with nothing after +',
    change('retry]', 'evict+]'),
    'm.yaml:3:21: strategies.1: a name is missing in "evict+"',
  ],
  [
    'a path in the URL',
    toUrl('http://127.0.0.1/x?y#z'),
    'm.yaml:1:27: target.url: the path belongs to request.path; it is "/x?y#z"',
  ],
  [
    'a password in the URL',
    toUrl('http://:secret@127.0.0.1'),
    'm.yaml:1:27: target.url: a name and password',
  ],
  [
    'allowHosts with a URL',
    `${good}allowHosts: ["http://a.example"]\n`,
    'm.yaml:4:14: allowHosts.0: expected only a host name or address',
  ],
  [
    'a swept value twice',
    `${good}sweep: { network.rtt: [1s, 1000ms] }\n`,
    'm.yaml:4:8: sweep: scenarios "rtt-1s" and "rtt-1000ms" are the same',
  ],
  [
    'a sweep into the root of all objects',
    `${good}sweep: { constructor.prototype.x: [1] }\n`,
    'm.yaml:4:10: sweep.constructor.prototype.x: there is no such field',
  ],
])('readMatrix() refuses %s', (_, text, says) => {
  const { code, message } = refusal(text);
  expect(code).toBe('config-invalid');
  expect(message).toContain(says);
});

test('readMatrix() refuses aliases that multiply without end', () => {
  const times = (name: string) => `[${Array(20).fill(name).join(', ')}]`;
  const bomb = `a: &a ${times('1')}\nb: &b ${times('*a')}\nc: &c ${times('*b')}\nd: ${times('*c')}\n${good}`;
  expect(refusal(bomb)).toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('aliases'),
  });
});

test('readMatrix() tells problems of fields, sweep, strategies and hosts in one go', () => {
  const text = `${toUrl('http://10.0.0.1')}reference: evict\nsweep: { network.rrt: [1ms], target.url: ["http://10.0.0.2"] }\n`;
  const { code, message } = refusal(text);
  expect(code).toBe('config-invalid');
  const fields = [...message.matchAll(/m\.yaml:\d+:\d+: ([^:]+):/g)].map(([, field]) => field);
  expect(fields).toEqual(['reference', 'sweep.network.rrt', 'sweep.target.url.0']);
});

test('readMatrix() points at the option when the command line is wrong, and not at the file', () => {
  const { message } = refusal(good, { strategies: 'reuse,,retry', durationMs: 0 });
  expect(message).toContain('--strategies: expected a name, for example evict');
  expect(message).toContain('--duration: expected more than 0');
  expect(message).not.toContain('m.yaml');
});

test('readMatrix() keeps a + within a path, and takes combinations with paths apart', () => {
  const strategies = './c++/mine.ts+retry, evict+/abs/a+b.js';
  const config = readMatrix(good, '/work/m.yaml', { cwd: '/work', strategies });
  expect(config.strategies.map(({ label, parts }) => [label, ...parts.map(({ use }) => use)])).toEqual([
    ['mine+retry', '/work/c++/mine.ts', 'retry'],
    ['evict+a+b', 'evict', '/abs/a+b.js'],
  ]);
});

const places = [
  'target',
  'traffic',
  'strategies',
  'network',
  'request',
  'client',
  'sweep',
  'reference',
  'seed',
  'rounds',
  'duration',
  'name',
  'allowHosts',
  '__proto__',
  'ronds',
];

test('readMatrix() runs or refuses whatever stands in a field, and never breaks', () => {
  const wholeRun = {
    target: { kind: 'embedded', idleTimeout: '1s' },
    traffic: { kind: 'closed', clients: 1 },
    strategies: ['reuse'],
  };
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 3 }), (place, value) => {
      const fields = {
        ...Object.fromEntries(Object.entries(wholeRun)),
        ...Object.fromEntries([[place, value]]),
      };
      try {
        expect(
          readMatrix(JSON.stringify(fields), '/work/m.yaml', { cwd: '/work' }).scenarios.length,
        ).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof HarnessError)) throw error;
        const lines = error.message.split('\n').filter((line) => !/^\d+ problems:$/.test(line));
        for (const line of lines) expect(line).toMatch(/^m\.yaml:\d+:\d+: /);
      }
    }),
    { numRuns: 300 },
  );
});
