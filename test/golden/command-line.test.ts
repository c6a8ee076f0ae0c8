/**
 * Golden files of what the command line prints without a run: help, lists, schemas, dry runs, settings, and refusals.
 * A changed word shows in the diff of `expected/`. Update: npx vitest run test/golden -u
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { settingsClients } from '../../harness/settings/settings.ts';
import { runInProcess } from '../fixtures/run-in-process.ts';

vi.mock(import('../../harness/engine/resources/fd-limit.ts'), () => ({ fdLimit: () => 2 ** 20 }));

const repository = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'idlerace-golden-'));

beforeAll(() => {
  // Go is not found, so that nothing is built.
  vi.stubEnv('PATH', '');
  writeFileSync(
    join(folder, 'knob.mjs'),
    `export default { id: 'knob', title: 'Knob', summary: 'Sets what it is told.', defaults: { change: '{"connection":{"idleTimeoutMs":7}}' },
      policy: ({ change }) => JSON.parse(change) };`,
  );
  return () => vi.unstubAllEnvs();
});

test.each(['', 'run', 'report', 'list', 'settings', 'selftest', 'target', 'wire', 'probe', 'schema', 'init'])(
  'golden help: idlerace %s',
  (command) => golden(`help/${command || 'idlerace'}.txt`, [command, '--help'].filter(Boolean)),
);

test.each(['strategies', 'clients', 'targets', 'balancers', 'traffic'])('golden list of %s', (topic) =>
  golden(`list/${topic}.txt`, ['list', topic]),
);

test('golden schemas', async () => {
  await golden('schema/matrix.json', ['schema']);
  await golden('schema/summary.json', ['schema', '--summary']);
});

test('golden matrix of idlerace init', async () => {
  await runInProcess(['init', 'new.yaml'], folder);
  await matches('init/matrix.yaml', readFileSync(join(folder, 'new.yaml'), 'utf8'));
});

test.each(['quickstart', 'sweep-3x3', 'tcp-probes', 'your-strategy'])('golden dry run of %s', (example) =>
  golden(`dry-run/${example}.txt`, ['run', `examples/${example}.yaml`, '--dry-run']),
);

test.each(settingsClients.map(({ id }) => id))('golden settings for %s', (client) =>
  golden(
    `settings/${client}.txt`,
    ...['reuse', 'evict+retry', 'long-idle', 'short-lived', 'tcp-probes'].map((strategy) => [
      ...['settings', strategy, '--for', client],
      ...['--idle-timeout', '5s', '--rtt', '20ms', '--server-lag', '30ms', '--client-lag', '50ms'],
    ]),
  ),
);

const clients = ['lean', 'node-http', 'agentkeepalive', 'undici', 'fetch', 'go'];
const idle = { idleTimeoutMs: 400 };
const again = { attemptsMax: 2, on: ['idle-race'] };
const changes = [
  ...[{ reuse: false }, idle, { ...idle, idleCheck: 'timer' }, { idleTimeoutMs: 0, idleCheck: 'timer' }],
  ...[
    { hintMarginMs: 100 },
    { ageMaxMs: 1_000 },
    { requestsMax: 10 },
    { pick: 'fifo' },
    { tcpKeepAliveMs: 1_000 },
  ],
].map((connection): object => ({ connection }));
changes.push(
  ...[again, { ...again, connection: 'pooled' }, { ...again, methods: ['GET'] }].map((retry) => ({ retry })),
  ...[
    { ...again, backoffMs: 5 },
    { ...again, idempotencyKey: true },
  ].map((retry) => ({ retry })),
  ...[60_000, null].map((idleTimeoutMs) => ({ server: { idleTimeoutMs } })),
);
const target = '{ kind: embedded, idleTimeout: 500ms }';
const open = '{ kind: think-time, clients: 4, gap: 450ms }';

test.each(clients)('golden refusals of client %s', async (kind) => {
  const lines = [];
  for (const change of changes) {
    const texts = new Set<string>();
    for (const choice of ['policy', 'own']) {
      for (const traffic of [open, '{ kind: closed, clients: 4 }']) {
        const client = `{ kind: ${kind}, settings: ${choice}, connectionsPerClientMax: 1 }`;
        texts.add(await dryRun(matrixOf({ traffic, client, strategies: knob(change) })));
      }
    }
    lines.push(JSON.stringify(change), ...[...texts].map((text) => `  ${text}`));
  }
  await matches(`refusals/client-${kind}.txt`, `${lines.join('\n')}\n`);
});

const targets = [
  target,
  '{ kind: embedded, idleTimeout: none }',
  '{ kind: go, idleTimeout: 500ms }',
  '{ kind: go, idleTimeout: 500ms, faults: { no-close-notify: 1 } }',
  '{ kind: nginx, idleTimeout: 500ms }',
  '{ kind: command, command: [serve, "{port}"], idleTimeout: 500ms }',
  '{ kind: command, command: [serve, "{port}", "{idleTimeoutMs}"], idleTimeout: 500ms }',
  '{ kind: url, url: "http://127.0.0.1:1", idleTimeout: 500ms }',
  '{ kind: url, url: "http://example.com", idleTimeout: 500ms }',
];

test('golden refusals of targets', async () => {
  const lines = [];
  for (const one of targets) {
    for (const strategy of ['reuse', 'long-idle', 'evict']) {
      lines.push(
        `${one}, ${strategy}`,
        `  ${await dryRun(matrixOf({ target: one, strategies: `[${strategy}]` }))}`,
      );
    }
  }
  await matches('refusals/targets.txt', `${lines.join('\n')}\n`);
});

const fields: readonly Readonly<Record<string, string>>[] = [
  { target: '{ kind: embeded, idleTimeout: 500ms }' },
  { target: '{ kind: embedded, idleTimeout: 0 }' },
  { target: '{ kind: embedded, idleTimeout: 500ms, faults: { frezee: 1 } }' },
  { traffic: '{ kind: think-time, clients: "10", gap: 450ms }' },
  { traffic: '{ kind: think-time, clients: 0, gap: { uniform: [500ms, 200ms] } }' },
  { traffic: '{ kind: arrivals, rate: fast, clients: 4 }' },
  { client: '{ kind: curl }' },
  { via: '{ kind: envoy }' },
  { network: '{ rtt: -1ms }' },
  { network: '{ rtt: 10ms, upstreamRtt: 10ms }' },
  { strategies: '[]' },
  { strategies: '[evit]' },
  { strategies: '[evict+evict-half]' },
  { strategies: '[evict, evict]' },
  { strategies: '[{ use: evict, options: { marginMS: 4 } }]' },
  { strategies: '[{ use: evict, options: { marginMs: -4 } }]' },
  { strategies: '[{ use: retry, options: { attemptsMax: 1 } }]' },
  { strategies: '[reuse, ./missing.ts]' },
  { strategies: '[evict+./knob.mjs]' },
  { strategies: knob({ connection: { idleTimeout: 4 } }) },
  { strategies: knob({ connection: { idleTimeoutMs: -4 } }) },
  { strategies: knob({ retry: { on: ['idle'] } }) },
  { rounds: 'many' },
  { rounds: 'auto', until: 'decidid' },
  { duration: '5 parsecs' },
  { reference: 'evict' },
  { sweep: '{ network.rttt: [1ms, 2ms] }' },
  { colour: 'blue' },
];

test('golden refusals of matrix fields', async () => {
  const lines = [];
  for (const change of fields) lines.push(JSON.stringify(change), `  ${await dryRun(matrixOf(change))}`);
  await matches('refusals/matrix.txt', `${lines.join('\n')}\n`);
});

test('golden refusals of arguments', () =>
  golden(
    'refusals/arguments.txt',
    ['runn'],
    ['run', 'examples/quickstart.yaml', '--dryrun'],
    ['run', 'missing.yaml'],
    ['run', 'examples/quickstart.yaml', '--dry-run', '--json'],
    ['run', 'examples/quickstart.yaml', '--dry-run', '--rounds', 'few'],
    ['run', 'examples/quickstart.yaml', '--dry-run', '--duration', 'long'],
    ['run', 'examples/quickstart.yaml', '--dry-run', '--until', 'someday'],
    ['run', 'examples/quickstart.yaml', '--dry-run', '--rounds', 'auto', '--max-time', '1s'],
    ['run', 'examples/sweep-3x3.yaml', '--dry-run', '--only', 'nowhere'],
    ['run', 'examples/quickstart.yaml', '--dry-run', '--strategies', 'reuse,evict+rety'],
    ['list', 'colours'],
    ['settings', 'evict'],
    ['settings', 'evict', '--for', 'ngnix'],
    ['settings', 'evict', '--for', 'nginx', '--idle-timeout', '0'],
    ['selftest', '--only', 'everything'],
    ['selftest', '--client', 'curl'],
    ['probe', 'http://example.com/'],
    ['wire', '--to', 'example.com:80'],
    ['wire', '--to', 'nowhere'],
    ['report', 'examples', '--format', 'pdf'],
  ));

function knob(change: object): string {
  return `[{ use: ./knob.mjs, label: knob, options: { change: '${JSON.stringify(change)}' } }]`;
}

function matrixOf(change: Readonly<Record<string, string>>): string {
  const duration = '100ms';
  const strategies = '[reuse, retry]';
  const all = { warmup: duration, duration, rounds: '1', target, traffic: open, strategies, ...change };
  return Object.entries(all)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('');
}

async function dryRun(matrix: string): Promise<string> {
  writeFileSync(join(folder, 'matrix.yaml'), matrix);
  const { code, stderr } = await runInProcess(['run', 'matrix.yaml', '--dry-run'], folder);
  // Whether a program is installed is up to the machine.
  const isAccepted = code === 0 || stderr.includes('[program-missing]');
  return isAccepted ? 'accepted' : stderr.trimEnd().replaceAll('\n', '\n  ');
}

/** What the commands print, one after the other, each under its line. */
async function golden(file: string, ...commands: readonly (readonly string[])[]): Promise<void> {
  const texts: string[] = [];
  for (const argv of commands) {
    const { code, stdout, stderr } = await runInProcess(argv, repository);
    const text = `${stdout}${stderr}${code === 0 ? '' : `exit code ${code}\n`}`;
    texts.push(commands.length === 1 ? text : `$ idlerace ${argv.join(' ')}\n${text}`);
  }
  await matches(file, texts.join('\n').replaceAll(repository, '.').replaceAll(folder, '.'));
}

async function matches(file: string, text: string): Promise<void> {
  await expect(text.replaceAll(folder, '.')).toMatchFileSnapshot(join(import.meta.dirname, 'expected', file));
}
