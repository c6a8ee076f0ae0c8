/** The probe as a command, against a server in this process. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../../test/fixtures/listen.ts';
import { runInProcess } from '../../test/fixtures/run-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'idlerace-probe-'));
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer({ keepAliveTimeout: 600 }, (_, response) => response.end('ok'));
  server.keepAliveTimeoutBuffer = 0;
  url = `http://127.0.0.1:${await listen(server)}/`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const run = (argv: readonly string[], onStart?: (interrupt: () => void) => void, at = url) =>
  runInProcess(['probe', at, ...argv], folder, onStart);

test('idlerace probe prints a line for each phase, its advice, and writes the matrix once', async () => {
  const args = ['--longest', '2s', '--lag', '20ms', '--client-lag', '30ms', '--write', 'probe.yaml'];
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^at most 522 requests to 127[^\n]+\nfirst contact\nrequests per connection\nidle timeout: watching [^\n]+\n(idle timeout: [^\n]+\n)*idle timeout: trying requests after [^\n]+\n(second hop: [^\n]+\n)+$/,
  );
  expect(stdout).toMatch(/− 20 ms server lag − 30 ms client lag = [1-9]\d+ ms/);
  expect(stdout).toContain('--- undici and fetch in Node');
  expect(stdout).toContain('--- written to probe.yaml; run it: idlerace run probe.yaml');
  expect(stdout).toContain(readFileSync(join(folder, 'probe.yaml'), 'utf8'));
  const again = await run(args);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('Cannot write the matrix to "probe.yaml": the file exists already.');
}, 60_000);

test('idlerace probe ends at once on Ctrl-C, with nothing left that waits', async () => {
  const startMs = performance.now();
  const { code, stdout } = await run([], (interrupt) => setTimeout(interrupt, 300));
  expect(code).toBe(130);
  expect(stdout).toBe('');
  // Its timers would have run for 90 s.
  expect(performance.now() - startMs).toBeLessThan(60_000);
  expect(process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length).toBeLessThan(10);
}, 90_000);

test('idlerace probe says why no matrix was written', async () => {
  const patient = createServer({ keepAliveTimeout: 60_000 }, (_, response) => response.end('ok'));
  const other = `http://127.0.0.1:${await listen(patient)}/`;
  const { code, stderr } = await run(['--longest', '1s', '--write', 'none.yaml'], undefined, other);
  patient.closeAllConnections();
  patient.close();
  expect(code).toBe(0);
  expect(stderr).toContain('"none.yaml" was not written: a matrix needs an idle timeout.');
  expect(existsSync(join(folder, 'none.yaml'))).toBe(false);
}, 60_000);

test.each([
  ['--requests', 'many', '--requests "many": expected a whole number'],
  ['--longest', 'long', '--longest "long": expected a duration'],
  ['--for', 'ngnix', '"ngnix"; there are: '],
])('idlerace probe refuses %s %s before it sends a request', async (option, value, says) => {
  const { code, stdout, stderr } = await run([option, value]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(says);
  expect(stderr).not.toContain('at most');
});
