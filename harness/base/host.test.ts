/** What only a real process shows: a reader that goes away, and a signal that is listened to once. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const host = JSON.stringify(join(import.meta.dirname, 'host.ts'));

function start(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, code, stderr: text(child.stderr) };
}

const program = (body: string) =>
  `import { systemHost } from ${host}; const host = systemHost(null); ${body}`;

test('a reader that goes away is no error', async () => {
  const { child, code, stderr } = start(
    program(`setInterval(() => {
      host.stdout.write('x'.repeat(65_536));
      if (process.stdout.errored?.code === 'EPIPE') process.exit(7);
    }, 1);`),
  );
  child.stdout.once('data', () => child.stdout.destroy());
  expect([await code, await stderr]).toEqual([7, '']);
});

test('onInterrupt() calls back for SIGINT and SIGTERM until it is told to stop', async () => {
  const { child, code, stderr } = start(
    program(`let calls = 0;
      const stop = host.onInterrupt(() => { calls++; if (calls === 2) stop(); host.stdout.write(String(calls)); });
      setInterval(() => {}, 1_000); host.stdout.write('0');`),
  );
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGTERM'];
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    written += more;
    child.kill(signals[written.length - 1]);
  });
  // The third one is not listened to any more, so it ends the process.
  expect(await code).toBeNull();
  expect([written, child.signalCode, await stderr]).toEqual(['012', 'SIGTERM', '']);
});
