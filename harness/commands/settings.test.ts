import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test/fixtures/run-in-process.ts';
import { settingsClients } from '../settings/settings.ts';

const run = (...argv: readonly string[]) => runInProcess(argv, import.meta.dirname);

test('idlerace settings writes one client as a file that says how it was made', async () => {
  const { code, stdout, stderr } = await run('settings', 'evict', '--for', 'go', '--rtt', '20ms');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\/\/ Go net\/http, by: idlerace settings evict --for go --idle-timeout 5s --rtt 20ms --lag 50ms\n/,
  );
  expect(stdout).toContain('IdleConnTimeout = 4880 * time.Millisecond');
});

test('idlerace settings takes a lag for each side, and names both in the command', async () => {
  const lags = ['--lag', '9ms', '--server-lag', '30ms', '--client-lag', '50ms'];
  const { stdout } = await run('settings', 'evict', '--for', 'go', '--rtt', '20ms', ...lags);
  expect(stdout).toContain('--rtt 20ms --server-lag 30ms --client-lag 50ms\n');
  expect(stdout).toContain('IdleConnTimeout = 4900 * time.Millisecond');
  const one = await run('settings', 'evict', '--for', 'go', '--rtt', '20ms', '--client-lag', '0');
  expect(one.stdout).toContain('--server-lag 50ms --client-lag 0\n');
  expect(one.stdout).toContain('IdleConnTimeout = 4930 * time.Millisecond');
});

test('idlerace settings takes combinations, several clients, and each of them once', async () => {
  const { stdout } = await run('settings', 'evict+retry', '--for', 'undici, go,undici');
  expect(
    [...stdout.matchAll(/, by: idlerace settings evict\+retry --for (\S+)/g)].map(([, id]) => id),
  ).toEqual(['undici', 'go']);
});

test('idlerace settings takes a strategy file by its path', async () => {
  const { code, stdout } = await run('settings', '../../examples/evict-half.ts', '--for', 'nginx');
  expect(code).toBe(0);
  expect(stdout).toContain('keepalive_timeout 2500ms;');
});

test('idlerace settings long-idle outlasts the longest gap, and names it in the command', async () => {
  const { stdout } = await run('settings', 'long-idle', '--for', 'nginx', '--gap-max', '90s');
  expect(stdout).toContain('--gap-max 90s\n');
  expect(stdout).toContain('keepalive_timeout 91101ms;');
});

test('idlerace settings --json gives policy, facts, texts and notes', async () => {
  const { stdout } = await run('settings', 'retry', '--for', 'okhttp', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    strategy: 'retry',
    policy: { retry: { attemptsMax: 2 } },
    facts: { serverIdleTimeoutMs: 5_000 },
    settings: [{ id: 'okhttp', language: 'java', notes: expect.arrayContaining([expect.any(String)]) }],
  });
});

test.each([
  ['no client', [], /No client for the settings.*go, node-http.*\[usage\]/],
  [
    'an unknown client',
    ['--for', 'reqests'],
    /no settings for a client "reqests".*Did you mean "requests"\?/,
  ],
  ['no duration', ['--for', 'go', '--rtt', 'soon'], /--rtt "soon"/],
  ['no idle timeout', ['--for', 'go', '--idle-timeout', '0'], /--idle-timeout "0": expected at least 1ms/],
])('idlerace settings with %s is refused with what there is', async (_, options, message) => {
  const { code, stdout, stderr } = await run('settings', 'evict', ...options);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(stderr).toContain('try: idlerace ');
});

test('idlerace settings with an unknown strategy lists the strategies', async () => {
  const { code, stderr } = await run('settings', 'evikt', '--for', 'go');
  expect(code).toBe(2);
  expect(stderr).toMatch(/no strategy "evikt"; there are: .*Did you mean "evict"\?/);
});

test('idlerace settings --help names every client', async () => {
  const { stdout } = await run('settings', '--help');
  const listed = /Clients: ([^.]*)\./.exec(stdout.replaceAll(/\s+/g, ' '))?.[1].split(', ');
  expect(listed).toEqual(settingsClients.map(({ id }) => id));
});

test('docs/settings.md shows what the command prints', async () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');
  const [, command, shown] = /\$ idlerace (settings .*)\n\n([\s\S]*?)```/.exec(docs) ?? [];
  const { stdout } = await run(...command.split(' '));
  expect(stdout).toBe(shown);
});

test('a value that an option cannot take: the message says what was expected, and names the help of the command', async () => {
  const lag = await run('settings', 'evict', '--for', 'go', '--lag', 'soon');
  expect(lag.stderr).toBe(
    'error: Cannot use --lag "soon": expected a duration, for example "500ms" or "5s". [usage]\ntry: idlerace settings --help\n',
  );
  expect((await run('target', '--port', 'x')).stderr).toMatch(
    /expected a whole number from 0 to 65535\. .*\ntry: idlerace target --help\n/,
  );
});

test('idlerace settings never goes past what the server promises', async () => {
  const args = ['settings', 'evict', '--for', 'undici', '--idle-timeout', '6s'];
  const { stdout } = await run(...args, '--hint', '5s');
  expect(stdout).toContain('--idle-timeout 6s --hint 5s');
  const ms = Number(/keepAliveTimeout: ([\d_]+)/.exec(stdout)?.[1].replaceAll('_', ''));
  expect(ms).toBeGreaterThan(4_000);
  expect(ms).toBeLessThan(5_000);
  // A hint beyond the timeout changes nothing.
  expect((await run(...args, '--hint', '75s')).stdout).toContain('Server idle timeout 6s');
  expect((await run(...args, '--hint', '0s')).stderr).toContain('Cannot use --hint "0s"');
});
