/** A command line's words, and what it cannot be asked for. */
import { expect, test } from 'vitest';
import { cliProcesses } from '../../test/fixtures/cli-processes.ts';
import { commandTarget, commandWords, startHint } from './command.ts';

const config = {
  kind: 'command',
  command: ['serve', '--listen={host}:{port}', '{idleTimeoutMs}ms {port}'],
  idleTimeoutMs: 500,
  readyWithinMs: 1_000,
} as const;

test('commandWords() replaces every place, and says no idle timeout as 0', () => {
  const at = { host: '127.0.0.2', port: 81 };
  expect(commandWords(config.command, { ...at, idleTimeoutMs: 499.5 })).toEqual([
    'serve',
    '--listen=127.0.0.2:81',
    '500ms 81',
  ]);
  expect(commandWords(['{idleTimeoutMs}'], { ...at, idleTimeoutMs: null })).toEqual(['0']);
});

test('startHint() names the address of the trial, and the place for it where the command has none', () => {
  expect(startHint(config.command, '127.0.0.2', 500)).toBe(
    'run it by hand: serve --listen=127.0.0.2:8080 500ms 8080',
  );
  expect(startHint(['serve', '{port}'], '127.0.0.2', 500)).toMatch(/^add \{host\} .* here 127\.0\.0\.2$/);
});

test('commandTarget() refuses another idle timeout only where the command has no place for it', () => {
  const { refusals } = commandTarget({ processes: cliProcesses(), cpus: null });
  const fixed = { ...config, command: ['serve', '{port}'] };
  expect(refusals(config, { idleTimeoutMs: 9_000 })).toEqual([]);
  expect(refusals(fixed, { idleTimeoutMs: 500 })).toEqual([]);
  expect(refusals(fixed, { idleTimeoutMs: null })).toEqual([
    expect.stringMatching(/no \{idleTimeoutMs\}, so 500 ms stays \(wanted none\)/),
  ]);
});
