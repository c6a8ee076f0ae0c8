/** Calls to processes, every way in which one can end, and spares. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { childrenOf, isAlive } from '../../../test/fixtures/linux-processes.ts';
import { HarnessError } from '../errors.ts';
import type { Child } from './child.ts';
import { Processes } from './processes.ts';

const fixture = (file: string) => join(import.meta.dirname, '../../../test/fixtures', file);
const processes = new Processes(fixture('echo-child.ts'));
afterEach(() => processes.killAll());

const spawn = (): Child => processes.spawnSelf('__test');
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

test('a call crosses with typed arrays, and several at once get their own answers', async () => {
  const child = spawn();
  const column = Float64Array.of(1.5, Number.NaN);
  expect(await child.call('echo', { column })).toEqual({ column });
  const answers = await Promise.all([1, 2, 3].map((value) => child.call('echo', value)));
  expect(answers).toEqual([1, 2, 3]);
  await child.end();
});

test('an expected failure crosses as itself, a bug as an error with its text', async () => {
  const child = spawn();
  const known = await refusal(child.call('known', null));
  expect(known).toBeInstanceOf(HarnessError);
  expect(known).toMatchObject({ code: 'port-taken', message: 'Port 1 is taken.', hint: 'take 2' });
  expect(await refusal(child.call('unknown', null))).toMatchObject({
    message: expect.stringContaining('a bug'),
  });
  expect(await refusal(child.call('nothing', null))).toMatchObject({
    message: expect.stringContaining('nothing'),
  });
  await child.end();
});

test('end() ends it, and it is not called lost', async () => {
  const child = spawn();
  await child.call('echo', 1);
  let lost: string | null = null;
  child.lost.then((reason) => {
    lost = reason;
  });
  await child.end();
  expect(isAlive(child.pid)).toBe(false);
  expect(lost).toBeNull();
  expect(await refusal(child.call('echo', 1))).toBeInstanceOf(Error);
});

test('a child that dies is lost, with its last words, and rejects what was asked of it', async () => {
  const child = spawn();
  const hanging = refusal(child.call('hang', null));
  void refusal(child.call('die', null));
  expect(await child.lost).toMatch(/process "__test" (exited with code|was ended by).*last words/);
  expect(await hanging).toMatchObject({ message: expect.stringContaining('last words') });
});

test('killAll() ends all of its processes and none of another Processes', async () => {
  const others = new Processes(fixture('echo-child.ts'));
  const other = others.spawnSelf('__test');
  const children = [spawn(), spawn()];
  await Promise.all(children.map((child) => child.call('echo', 1)));
  processes.killAll();
  await expect.poll(() => children.filter(({ pid }) => isAlive(pid)).length, { timeout: 10_000 }).toBe(0);
  expect(await other.call('echo', 1)).toBe(1);
  await other.end();
});

test('a program that is not there is lost, not thrown', async () => {
  const missing = new Processes(fixture('nowhere.ts')).spawnSelf('__test');
  expect(await missing.lost).toMatch(/exited with code 1.*nowhere\.ts/s);
});

test('prepareSpares() starts one of each kind in use, once; spawnSelf() takes it, whole and only once', async () => {
  const [first, second] = [spawn(), spawn()];
  processes.prepareSpares();
  processes.prepareSpares();
  const started = new Set(childrenOf(process.pid));
  const spare = spawn();
  const fresh = spawn();
  expect(await spare.call('echo', 'spare')).toBe('spare');
  expect(new Set([first, second, spare, fresh].map(({ pid }) => pid)).size).toBe(4);
  // It had been started before it was asked for.
  expect([spare, fresh].map(({ pid }) => started.has(pid))).toEqual([true, false]);
  await Promise.all([first, second, spare, fresh].map((child) => child.end()));
});

test('a spare that has died is not handed out, and killAll() ends spares too', async () => {
  const user = spawn();
  processes.prepareSpares();
  const died = spawn();
  died.kill();
  await died.end();
  processes.prepareSpares();
  processes.killAll();
  const next = spawn();
  expect(await next.call('echo', 1)).toBe(1);
  await next.end();
  await user.end();
});

const spawnOther = (): Child => processes.spawnProgram([process.execPath, fixture('echo-program.ts')]);

test('spawnProgram() calls a program over JSON lines, and its failures cross as those of a child do', async () => {
  const program = spawnOther();
  const answers = await Promise.all([1, 'two', [3]].map((value) => program.call('echo', value)));
  expect(answers).toEqual([1, 'two', [3]]);
  expect(await refusal(program.call('known', null))).toMatchObject({ code: 'port-taken', hint: 'take 2' });
  expect(await refusal(program.call('nothing', null))).toMatchObject({
    message: expect.stringContaining('nothing'),
  });
  const { pid } = program;
  await program.end();
  expect(isAlive(pid)).toBe(false);
});

test('spawnProgram() tells the last words of a program that dies, and quotes what is no answer', async () => {
  const dying = spawnOther();
  expect(await refusal(dying.call('die', null))).toMatchObject({
    message: expect.stringMatching(/exited with code 7.*last words/s),
  });
  expect(await dying.lost).toContain('last words');
  const babbling = spawnOther();
  expect(await refusal(babbling.call('babble', null))).toMatchObject({
    message: expect.stringContaining('no JSON'),
  });
});

test('spawnProgram() rejects the call when there is no such program', async () => {
  const missing = processes.spawnProgram(['/nowhere/driver']);
  expect(await refusal(missing.call('echo', 1))).toMatchObject({
    message: expect.stringContaining('ENOENT'),
  });
});

test('prepareSpares() starts no spare of a program', async () => {
  const program = spawnOther();
  await program.call('echo', 1);
  processes.prepareSpares();
  const other = spawnOther();
  expect(other.pid).not.toBe(program.pid);
  await Promise.all([program.end(), other.end()]);
});
