/** A command line's words, and what it cannot be asked for. */
import { expect, test } from 'vitest';
import { cliProcesses } from '../../test/fixtures/cli-processes.ts';
import { refusalsOf } from '../contract/carries.ts';
import type { TargetConfig } from '../contract/target.ts';
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
  const { carries } = commandTarget({ processes: cliProcesses(), cpus: null });
  const refusals = (own: TargetConfig, idleTimeoutMs: number | null) =>
    refusalsOf(carries, ['server.idleTimeoutMs'], { config: own, policy: { idleTimeoutMs } });
  const fixed = { ...config, command: ['serve', '{port}'] };
  expect(refusals(config, 9_000)).toEqual([]);
  expect(refusals(fixed, 500)).toEqual([]);
  expect(refusals(fixed, null)).toEqual([
    expect.stringMatching(
      /no \{idleTimeoutMs\}, so the idle timeout stays 500 ms \(the strategy requires none\)/,
    ),
  ]);
});
