/** A foreign program under a keeper, and every way in which either can end. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { cliProcesses } from '../../../test/fixtures/cli-processes.ts';
import { isAlive } from '../../../test/fixtures/linux-processes.ts';
import { HarnessError } from '../errors.ts';
import { keepProgram } from './keep-program.ts';
import { processGroup } from './process-group.ts';

const processes = cliProcesses();
afterEach(() => processes.killAll());

/** A shell with a child of its own, both of which stay. */
const family = ['/bin/sh', '-c', 'sleep 60 & echo told; wait'];

function keep(command: readonly string[], more: { folder?: string; stdoutFile?: string } = {}) {
  const { folder = null, stdoutFile = null } = more;
  return keepProgram(processes, { command, cwd: tmpdir(), folder, stdoutFile });
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-keeper-'));
  writeFileSync(join(folder, 'note'), 'x');
  return folder;
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

const areGone = (pids: readonly number[]) =>
  expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);

async function familyOf(pid: number): Promise<readonly number[]> {
  await expect.poll(() => processGroup(pid).length, { timeout: 10_000 }).toBe(2);
  return processGroup(pid);
}

const linux = test.skipIf(process.platform !== 'linux');

linux('stop() ends the whole group, reads what it left, and removes the folder', async () => {
  const folder = newFolder();
  const program = await keep(family, { folder, stdoutFile: join(folder, 'out') });
  const pids = await familyOf(program.pid);
  const read = await program.stop(() => readFileSync(join(folder, 'out'), 'utf8'));
  expect(read).toBe('told\n');
  expect(existsSync(folder)).toBe(false);
  await areGone(pids);
});

linux('kill() ends the whole group at once, and removes the folder', async () => {
  const folder = newFolder();
  const program = await keep(family, { folder });
  const pids = await familyOf(program.pid);
  program.kill();
  program.kill();
  await areGone(pids);
  await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false);
});

linux('killAll() ends the programs of keepers too, which are then not called lost', async () => {
  const program = await keep(family);
  let lost: string | null = null;
  program.lost.then((reason) => {
    lost = reason;
  });
  const pids = await familyOf(program.pid);
  processes.killAll();
  await areGone(pids);
  expect(lost).toBeNull();
});

linux('a program that ignores SIGTERM is killed', { timeout: 20_000 }, async () => {
  const program = await keep(['/bin/sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done']);
  await expect.poll(() => program.words(), { timeout: 10_000 }).toBe('ready');
  await program.stop(() => null);
  await areGone([program.pid]);
});

test('a program that ends by itself is lost, with its last words', async () => {
  const program = await keep(['/bin/sh', '-c', 'echo last words >&2; exit 3']);
  expect(await program.lost).toBe('"/bin/sh" exited with code 3; it said: last words');
});

linux('of a program that ends by itself no other of its group stays', async () => {
  const program = await keep(['/bin/sh', '-c', 'sleep 60 & echo $!; kill -9 $$']);
  const lost = await program.lost;
  expect(lost).toMatch(/was ended by SIGKILL; it said: \d+$/);
  await areGone([Number(/\d+$/.exec(lost)?.[0])]);
});

linux('a program whose keeper is killed is lost, and killed too', async () => {
  const program = await keep(family);
  const pids = await familyOf(program.pid);
  process.kill(parentOf(program.pid), 'SIGKILL');
  expect(await program.lost).toBe('the keeper of "/bin/sh" ended');
  await areGone(pids);
});

test('a program that cannot be started is said so', async () => {
  const error = await keep(['/no/such/program']).catch((why: unknown) => why);
  expect(error).toBeInstanceOf(HarnessError);
  expect(error).toMatchObject({ code: 'target-start-failed', message: expect.stringContaining('ENOENT') });
});

linux('the program ends when the controller is killed', { timeout: 20_000 }, async () => {
  const folder = newFolder();
  const script = `
    const { cliProcesses } = await import(${JSON.stringify(join(import.meta.dirname, '../../../test/fixtures/cli-processes.ts'))});
    const { keepProgram } = await import(${JSON.stringify(join(import.meta.dirname, 'keep-program.ts'))});
    const { pid } = await keepProgram(cliProcesses(), { command: ${JSON.stringify(family)}, cwd: '/', folder: ${JSON.stringify(folder)}, stdoutFile: null });
    console.log(pid);`;
  // Without its options, which a keeper would inherit: it would evaluate the script again.
  const file = join(newFolder(), 'controller.mjs');
  writeFileSync(file, script);
  const controller = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => {
    controller.stdout.on('data', (text) => resolve(Number(text)));
  });
  const pids = await familyOf(pid);
  controller.kill('SIGKILL');
  await areGone(pids);
  await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false);
});
