/** Programs in Go are built once, anew when their sources change, and say what is wrong when they cannot be. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HarnessError } from '../errors.ts';
import { buildGoProgram } from './go-program.ts';

let folder = '';
const path = process.env.PATH;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idlerace-go-'));
  for (const part of ['base/go', 'one']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'go.mod'), 'module some\n\ngo 1.19\n');
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

const write = (body: string) =>
  writeFileSync(join(folder, 'one/main.go'), `package main\n\nfunc main() { ${body} }\n`);
const build = () => buildGoProgram(folder, 'one', join(folder, 'cache'));
const refusal = () =>
  build().then(
    () => null,
    (error: unknown) => error,
  );
const cached = () => readdirSync(join(folder, 'cache'));

test('buildGoProgram() without Go names the line that installs it', async () => {
  write('');
  process.env.PATH = folder;
  const error = await refusal();
  expect(error).toBeInstanceOf(HarnessError);
  expect(error).toMatchObject({ code: 'program-missing', hint: 'apt-get install golang-go' });
});

const hasGo = spawnSync('go', ['version']).status === 0;

describe.skipIf(!hasGo)('with Go (apt-get install golang-go)', () => {
  test('buildGoProgram() builds once for each content of the sources, several at a time too', async () => {
    write('println("first")');
    const [first, same] = await Promise.all([build(), build()]);
    expect(same).toBe(first);
    expect(spawnSync(first).stderr.toString()).toBe('first\n');
    const { mtimeMs } = statSync(first);
    expect(await build()).toBe(first);
    expect(statSync(first).mtimeMs).toBe(mtimeMs);
    write('println("second")');
    expect(spawnSync(await build()).stderr.toString()).toBe('second\n');
    expect(cached()).toHaveLength(2);
  }, 120_000);

  test('buildGoProgram() says what the compiler says', async () => {
    write('nonsense()');
    expect(await refusal()).toMatchObject({
      code: 'program-missing',
      message: expect.stringMatching(/main\.go:3:\d+: undefined: nonsense/),
    });
    expect(cached()).toEqual([]);
  }, 120_000);

  test('the sources are formatted and vetted', () => {
    const cwd = join(import.meta.dirname, '../..');
    expect(spawnSync('gofmt', ['-l', '.'], { cwd }).stdout.toString()).toBe('');
    const vetted = spawnSync('go', ['vet', './...'], { cwd });
    expect(vetted.stderr.toString()).toBe('');
  }, 120_000);
});
