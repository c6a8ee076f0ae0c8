/** `idlerace target` and `idlerace wire`, each alone, and a request from one through the other. */
import getPort from 'get-port';
import { expect, test } from 'vitest';
import { folderWith } from '../../test/fixtures/run-folder.ts';
import { runInProcess } from '../../test/fixtures/run-in-process.ts';

/** Starts a command; resolves when it waits for Ctrl-C. */
async function start(...argv: readonly string[]) {
  const started = Promise.withResolvers<() => void>();
  const ended = runInProcess(argv, folderWith({}), started.resolve);
  const interrupt = await Promise.race([started.promise, ended.then(({ stderr }) => Promise.reject(stderr))]);
  return async () => {
    interrupt();
    return await ended;
  };
}

test('idlerace wire carries a request to idlerace target, and Ctrl-C ends both with exit code 0', async () => {
  const [targetPort, wirePort] = [await getPort({ host: '127.0.0.1' }), await getPort({ host: '127.0.0.1' })];
  const endTarget = await start('target', '--port', `${targetPort}`, '--idle-timeout', '5s');
  const endWire = await start('wire', '--to', `127.0.0.1:${targetPort}`, '--port', `${wirePort}`);
  const response = await fetch(`http://127.0.0.1:${wirePort}/`);
  expect(response.status).toBe(200);
  expect(response.headers.get('keep-alive')).toBe('timeout=5');
  await response.arrayBuffer();
  const [wire, target] = [await endWire(), await endTarget()];
  expect([wire.code, target.code]).toEqual([0, 0]);
  expect(wire.stdout).toContain(`:${wirePort}`);
  expect(target.stderr).toMatch(/accepted/i);
});

test.each([
  ['target', '--port', '65536'],
  ['target', '--idle-timeout', 'long'],
  ['wire', '--to', 'nowhere'],
  ['wire', '--to', 'example.com:80'],
])('idlerace %s refuses %s %s', async (...argv) => {
  const { code, stdout, stderr } = await runInProcess(argv, import.meta.dirname);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(argv[2].split(':')[0]);
});
