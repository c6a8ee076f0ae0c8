/** `idlerace run` until the first process starts: what it refuses, and what a dry run prints. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, smallMatrix } from '../../test/fixtures/run-folder.ts';
import { runInProcess } from '../../test/fixtures/run-in-process.ts';

const run = (folder: string, ...argv: readonly string[]) => runInProcess(['run', ...argv], folder);
const withTarget = (target: string, strategies = 'reuse') =>
  smallMatrix
    .replace(/target: .*/, `target: ${target}`)
    .replace(/strategies: .*/, `strategies: [${strategies}]`);

test.each([
  ['a typo', smallMatrix.replace('rounds:', 'ronds:'), ['matrix.yaml:3', 'ronds', 'rounds']],
  ['a duration without unit', smallMatrix.replace('400ms', '400'), ['matrix.yaml:4', '400ms']],
  ['an unknown strategy', smallMatrix.replace('[reuse,', '[reuze,'), ['reuze', 'reuse']],
  [
    'a host that is not loopback',
    withTarget('{ kind: url, url: "http://example.com:80/", idleTimeout: 200ms }'),
    ['example.com', 'allowHosts'],
  ],
  [
    'a program that is not installed',
    withTarget('{ kind: command, command: [no-such-program, "{port}"], idleTimeout: 200ms }'),
    ['"no-such-program": it is not installed', '[program-missing]'],
  ],
  [
    'an idle timeout for which the command has no place',
    withTarget('{ kind: command, command: [node, "{port}"], idleTimeout: 200ms }', 'long-idle'),
    ['the command has no {idleTimeoutMs}'],
  ],
  ['a strategy file that is missing', smallMatrix.replace('[reuse,', '[reuse, ./gone.ts,'), ['gone.ts']],
])('idlerace run refuses %s with exit code 2 before anything runs', async (_, file, says) => {
  const folder = folderWith({ 'matrix.yaml': file });
  const { code, stderr, stdout } = await run(folder);
  expect([code, stdout]).toEqual([2, '']);
  for (const words of says) expect(stderr).toContain(words);
  expect(readdirSync(folder)).toEqual(['matrix.yaml']);
});

test('idlerace run names a strategy file that throws', async () => {
  const folder = folderWith({
    'matrix.yaml': smallMatrix.replace('[reuse,', '[reuse, ./broken.mjs,'),
    'broken.mjs': "throw new Error('no luck today');\n",
  });
  const { code, stderr } = await run(folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(/broken\.mjs.*no luck today/s);
});

test('idlerace run names an output folder that it cannot write to', async () => {
  const folder = folderWith({ 'matrix.yaml': smallMatrix, taken: 'a file, not a folder' });
  const { code, stderr } = await run(folder, '--out', 'taken');
  expect(code).toBe(2);
  expect(stderr).toContain('[output-failed]');
});

test.each([
  ['more generators than clients', ['--generators', '61'], /--generators.*60.*61/s],
  [
    'a time in which not even one round fits',
    ['--until', 'decided', '--max-time', '1s'],
    /One round takes about .*; maxTime is 1s\. At least one round must fit\. .*\ntry: --max-time /,
  ],
  ['JSON of a dry run', ['--dry-run', '--json'], /A dry run has no summary/],
])('idlerace run refuses %s', async (_, options, says) => {
  const { code, stderr } = await run(folderWith({ 'matrix.yaml': smallMatrix }), ...options);
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
});

test('idlerace run --dry-run plans the same load for the same seed, and another load for another seed', async () => {
  const folder = folderWith({ 'matrix.yaml': smallMatrix });
  const plans = async (...options: readonly string[]) => {
    const { stdout, code } = await run(folder, '--dry-run', ...options);
    expect(code).toBe(0);
    return stdout.match(/plan [0-9a-f]{16}/g);
  };
  const first = await plans('--seed', '1');
  expect(first).toHaveLength(2);
  expect(await plans()).toEqual(first);
  expect((await plans('--seed', '2'))?.filter((plan) => first?.includes(plan))).toEqual([]);
  expect(readdirSync(folder)).toEqual(['matrix.yaml']);
});

test('idlerace run --dry-run says when the run would look at its data', async () => {
  const folder = folderWith({ 'matrix.yaml': smallMatrix.replace('rounds: 2\n', '') });
  const { stdout, code } = await run(folder, '--dry-run', '--until', 'decided', '--max-time', '1m');
  expect(code).toBe(0);
  expect(stdout).toContain('about 60s at most in all');
  expect(stdout).toMatch(/ends when every verdict is decided; looks at the data after 3, 5, 8, 12, /);
  expect(stdout.match(/plan [0-9a-f]{16}/g)).toHaveLength(3);
});

test('idlerace init writes a matrix that runs, and overwrites nothing', async () => {
  const folder = folderWith({});
  const init = (file: string) => runInProcess(['init', file], folder);
  expect(await init('new.yaml')).toMatchObject({ code: 0, stderr: '' });
  expect((await run(folder, 'new.yaml', '--dry-run')).code).toBe(0);
  expect(await init('new.yaml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('try: idlerace run new.yaml'),
  });
  mkdirSync(join(folder, 'inner'));
  expect((await init('inner')).stderr).toContain('[output-failed]');
  expect((await init('gone/new.yaml')).stderr).toContain('ENOENT');
});
