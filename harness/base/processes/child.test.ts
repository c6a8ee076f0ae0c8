/** Calls to a child of our own, and every way in which it can end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HarnessError } from '../errors.ts';
import { type Child, killChildren, prepareSpares, spawnProgram, spawnSelf } from './child.ts';

// A child is this program entered again; for these tests the program is the fixture.
const entry = process.argv[1];
beforeEach(() => {
  process.argv[1] = join(import.meta.dirname, '../../../test/fixtures/echo-child.ts');
});
afterEach(() => {
  killChildren();
  process.argv[1] = entry;
});

const spawn = (): Child => spawnSelf('__test');
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

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

test('killChildren() leaves none', async () => {
  const children = [spawn(), spawn()];
  await Promise.all(children.map((child) => child.call('echo', 1)));
  killChildren();
  await expect.poll(() => children.filter(({ pid }) => isAlive(pid)).length, { timeout: 10_000 }).toBe(0);
});

test('a program that is not there is lost, not thrown', async () => {
  process.argv[1] = join(import.meta.dirname, '../nowhere.ts');
  expect(await spawn().lost).toMatch(/exited with code 1.*nowhere\.ts/s);
});

test('prepareSpares() starts one of each kind in use, once; spawnSelf() takes it, whole and only once', async () => {
  const [first, second] = [spawn(), spawn()];
  prepareSpares();
  prepareSpares();
  const spare = spawn();
  const fresh = spawn();
  expect(await spare.call('echo', 'spare')).toBe('spare');
  expect(new Set([first, second, spare, fresh].map(({ pid }) => pid)).size).toBe(4);
  // Of the two started last, the spare came up first: it was started before it was asked for.
  expect(spare.pid).toBeLessThan(fresh.pid);
  await Promise.all([first, second, spare, fresh].map((child) => child.end()));
});

test('a spare that has died is not handed out, and killChildren() ends spares too', async () => {
  const user = spawn();
  prepareSpares();
  const died = spawn();
  died.kill();
  await died.end();
  prepareSpares();
  killChildren();
  const next = spawn();
  expect(await next.call('echo', 1)).toBe(1);
  await next.end();
  await user.end();
});

const spawnOther = (): Child =>
  spawnProgram([process.execPath, join(import.meta.dirname, '../../../test/fixtures/echo-program.ts')]);

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
  const missing = spawnProgram(['/nowhere/driver']);
  expect(await refusal(missing.call('echo', 1))).toMatchObject({
    message: expect.stringContaining('ENOENT'),
  });
});

test('prepareSpares() starts no spare of a program', async () => {
  const program = spawnOther();
  await program.call('echo', 1);
  prepareSpares();
  const other = spawnOther();
  expect(other.pid).not.toBe(program.pid);
  await Promise.all([program.end(), other.end()]);
});
