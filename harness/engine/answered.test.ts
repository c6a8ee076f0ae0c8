/** Waiting for a process that may be stopped. */
import { expect, test } from 'vitest';
import { answered } from './answered.ts';

const never = new Promise<never>(() => {});

test('answered() gives what comes in time, and what it failed with', async () => {
  await expect(answered('wire', Promise.resolve(7))).resolves.toBe(7);
  await expect(answered('target', Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});

test.each([
  ['wire', 'wire-failed'],
  ['generator', 'generator-failed'],
] as const)('answered() gives up on a %s that never answers: the run cannot go on', async (part, code) => {
  await expect(answered(part, never, 5)).rejects.toMatchObject({
    code,
    message: `The ${part} does not run: the ${part} did not answer within 0.005 s.`,
  });
});

test('answered() gives up on a target that never answers, with a reason for the trial', async () => {
  await expect(answered('target', never, 5)).rejects.toThrow(/^the target did not answer within 0.005 s$/);
});
