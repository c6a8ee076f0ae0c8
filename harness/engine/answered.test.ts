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
  ['balancer', 'target-lost'],
  ['target', 'target-lost'],
] as const)('answered() gives up on a %s that never answers, by its name', async (part, code) => {
  await expect(answered(part, never, 5)).rejects.toMatchObject({
    code,
    message: `The ${part} did not answer within 0.005 s.`,
  });
});
