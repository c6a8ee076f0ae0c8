/** Servers that come up, that do not, and programs that are not there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { cliProcesses } from '../../../test/fixtures/cli-processes.ts';
import { HarnessError } from '../errors.ts';
import { findProgram } from './find-program.ts';
import { firstAnswer } from './first-answer.ts';
import { type ForeignServerSetup, type ServerPlace, startForeignServer } from './foreign-server.ts';

const processes = cliProcesses();
afterEach(() => processes.killAll());

const script = (answer: string) => `
  const { createServer } = require('node:net');
  createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => { console.log(String(bytes).split(' ')[1]); ${answer} });
  }).listen(Number(process.argv[2]), '127.0.0.1');
  process.on('SIGTERM', () => { console.log('over'); process.exit(0); });`;
const good = script(`socket.end('HTTP/1.1 404 Not Found\\r\\n\\r\\n')`);

function start(text: string, change: Partial<ForeignServerSetup> = {}) {
  const setup = {
    name: 'the server',
    host: '127.0.0.1',
    command: ({ folder, port }: ServerPlace) => [process.execPath, join(folder, 'server.cjs'), `${port}`],
    files: () => ({ 'server.cjs': text }),
    stdoutFile: 'log',
    readyPath: '/ready',
    readyWithinMs: 20_000,
    ...change,
  };
  return startForeignServer(setup, { processes, cpus: null });
}

const refusal = (starting: Promise<unknown>) =>
  starting.then(
    () => null,
    (error: unknown) => error,
  );

test('startForeignServer() resolves when it answers, whatever the status; stop() reads what it left', async () => {
  const server = await start(good);
  expect(server.pids[0]).toBe(server.pid);
  await server.settle();
  const log = await server.stop(() => readFileSync(join(server.folder, 'log'), 'utf8'));
  expect(log).toMatch(/^(\/ready\n){2,}over\n$/);
  expect(existsSync(server.folder)).toBe(false);
});

test.each([
  [
    'exits',
    'console.error("no such option"); process.exit(4)',
    /exited with code 4; it said: no such option/,
  ],
  [
    'does not speak HTTP',
    script(`socket.write('220 smtp ready\\r\\n')`),
    /does not speak HTTP\/1\.1, its answer starts with "220 smtp/,
  ],
  [
    'does not listen',
    'console.error("waiting"); setInterval(() => {}, 1000)',
    /ECONNREFUSED.* It said: waiting/,
  ],
])('startForeignServer() says what was seen of one that %s', async (_, text, says) => {
  const error = await refusal(start(text, { readyWithinMs: 1_500, hint: 'the hint' }));
  expect(error).toBeInstanceOf(HarnessError);
  expect(error).toMatchObject({
    code: 'target-start-failed',
    message: expect.stringMatching(says),
    hint: 'the hint',
  });
});

test('findProgram() looks in PATH and in the folders of system programs', () => {
  expect(findProgram('sh', 'x')).toMatch(/^\/.*\/sh$/);
  expect(findProgram(process.execPath, 'x')).toBe(process.execPath);
  expect(() => findProgram('no-such-program', 'apt-get install it')).toThrow(
    /"no-such-program": it is not installed/,
  );
  expect(() => findProgram('./no-such-program', 'x')).toThrow(
    /there is no program at "\/.*\/no-such-program"/,
  );
});

test('firstAnswer() ends its sentence where nobody listens', async () => {
  const endpoint = { host: '127.0.0.1', port: 1, authority: 'x', tls: null };
  await expect(firstAnswer(endpoint, '/', 1_000)).rejects.toThrow(/ECONNREFUSED/);
});
