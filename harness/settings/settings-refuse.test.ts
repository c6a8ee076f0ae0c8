/** Texts whose library may be too old for them are run against such a library: they must refuse at once. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { facts, policies } from '../../test/fixtures/policies.ts';
import { settingsClients } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'idlerace-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function textFor(id: string, policy: keyof typeof policies): string {
  return settingsClients.find((one) => one.id === id)?.render(policies[policy], facts).text ?? '';
}

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const hasPython = spawnSync('python3', ['--version']).error === undefined;

/** Runs the requests text on modules that have its names and nothing else. */
function importWith(urllib3Version: string) {
  const place = `urllib3-${urllib3Version}`;
  write(`${place}/requests/__init__.py`, '');
  write(`${place}/requests/adapters.py`, 'class HTTPAdapter: pass\n');
  write(`${place}/urllib3/__init__.py`, `__version__ = "${urllib3Version}"\n`);
  const connections = 'class HTTPConnection: pass\nclass HTTPSConnection: pass\n';
  write(`${place}/urllib3/connection.py`, connections);
  write(`${place}/urllib3/connectionpool.py`, connections.replaceAll('Connection:', 'ConnectionPool:'));
  write(`${place}/keep_alive.py`, textFor('requests', 'evict'));
  return spawnSync('python3', ['-c', 'import keep_alive; print(keep_alive.IDLE_MAX_S)'], {
    cwd: join(folder, place),
    encoding: 'utf8',
  });
}

test.skipIf(!hasPython)('requests refuses urllib3 1.26, which would test no age, and takes urllib3 2', () => {
  const old = importWith('1.26.12');
  expect(old.status).toBe(1);
  expect(old.stderr).toContain('ImportError: urllib3 1.26.12 tests no idle age: install urllib3 2 or newer');
  expect(importWith('2.5.0')).toMatchObject({ status: 0, stdout: '4.949\n', stderr: '' });
});

/** Runs a JavaScript text with another module before it. */
function runAfter(name: string, setup: string, text: string) {
  const module = write(`${name}/settings.mjs`, text);
  const first = write(`${name}/first.mjs`, setup);
  return spawnSync(process.execPath, ['--import', pathToFileURL(first).href, module], { encoding: 'utf8' });
}

test('undici refuses a version before 7, which has no cacheStores', () => {
  write('undici-6/node_modules/undici/package.json', '{ "name": "undici", "main": "index.js" }');
  write('undici-6/node_modules/undici/index.js', 'exports.Agent = class {};\n');
  const { status, stderr } = runAfter('undici-6', '', textFor('undici', 'evict'));
  expect(status).toBe(1);
  expect(stderr).toContain('These settings need undici 7 or newer');
  expect(textFor('undici', 'tcp-probes')).not.toContain('cacheStores');
});

test('node-http refuses a Node whose Agent has no agentKeepAliveTimeoutBuffer', () => {
  const older =
    "import http from 'node:http';\nhttp.Agent = class extends http.Agent { constructor() { super(); delete this.agentKeepAliveTimeoutBuffer; } };\n";
  const refused = runAfter('node-old', older, textFor('node-http', 'evict by timer'));
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('http.Agent has no agentKeepAliveTimeoutBuffer: use Node 24.7');
  expect(runAfter('node', '', textFor('node-http', 'evict by timer')).stderr).toBe('');
});

test('node-http stops a server with a long idle timeout although a connection was busy', async () => {
  const file = write('stop/settings.mjs', textFor('node-http', 'long-idle'));
  const { keepLonger, stop } = await import(pathToFileURL(file).href);
  const asked = Promise.withResolvers<() => void>();
  const server = keepLonger(createServer((_, response) => asked.resolve(() => response.end('ok'))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const closed = new Promise((resolve) => server.once('close', resolve));
  get({ host: '127.0.0.1', port: server.address().port }, (response) => response.resume());
  const answer = await asked.promise;
  stop(server);
  answer();
  // Without the sweep this takes the idle timeout of a minute.
  await closed;
  expect(server.keepAliveTimeout).toBe(61_051);
}, 20_000);
