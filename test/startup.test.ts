/**
 * What each process of a trial loads. They are fresh for every trial, so a module that one of them does not need would
 * cost its time in every trial; and a command must not wait for the code of another.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
/** Prints what is loaded, one URL a line. */
const hook = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`;

/** @returns Files of the repository, and names of packages. */
async function loadedBy(...words: readonly string[]): Promise<readonly string[]> {
  const args = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
  const child = spawn(process.execPath, [...args, join(root, 'harness/cli.ts'), ...words], {
    cwd: mkdtempSync(join(tmpdir(), 'idlerace-startup-')),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // A process of a trial ends with its channel to the parent.
  child.on('spawn', () => child.disconnect());
  const urls = (await text(child.stderr as NodeJS.ReadableStream)).split('\n');
  return urls
    .filter((url) => url.startsWith('file:'))
    .map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url.replace(`file://${root}/`, ''));
}

test.each(['__generator', '__target', '__wire', '__keeper'])(
  '%s loads no command, nothing of the command line, and no package but the hash of seeds',
  async (hidden) => {
    const loaded = await loadedBy(hidden);
    expect(loaded).toContain('harness/base/processes/answer-parent.ts');
    // The target draws its service times; the hash is loaded faster than Node's own module for it.
    const packages = new Set(loaded.filter((file) => !file.startsWith('harness/')));
    expect([...packages].filter((name) => name !== '@noble/hashes')).toEqual([]);
    expect(loaded.filter((file) => /main\.ts|commands\/|parts\.ts|config\//.test(file))).toEqual([]);
  },
);

test('idlerace --help loads the declarations of the commands and none of their code', async () => {
  const loaded = await loadedBy('--help');
  const code = loaded.filter((file) => /^(strategies|results|reports|harness\/\w+\/)/.test(file));
  expect(code.filter((file) => !/^harness\/(base|contract|commands\/declarations)\//.test(file))).toEqual([]);
  expect(new Set(loaded.filter((file) => !/^harness/.test(file)))).toEqual(new Set(['commander']));
});

test('idlerace run loads no code of the probe and of the self-test', async () => {
  const loaded = await loadedBy('run', join(root, 'examples/quickstart.yaml'), '--dry-run');
  expect(loaded).toContain('harness/commands/run.ts');
  expect(loaded.filter((file) => /evidence\/|selftest\/|commands\/(probe|selftest)/.test(file))).toEqual([]);
});
