import { expect, test } from 'vitest';
import { allowedCpus, loopbackAddress, manyLoopbackAddresses } from './machine.ts';

test.each([
  ['Cpus_allowed_list:\t0-1', [0, 1]],
  ['Name:\tnode\nCpus_allowed_list:\t0-2,8\nMems', [0, 1, 2, 8]],
  ['Cpus_allowed_list:\t3', [3]],
  ['nothing here', []],
])('allowedCpus() reads %j', (status, expected) => {
  expect(allowedCpus(status)).toEqual(expected);
});

test.skipIf(!manyLoopbackAddresses())(
  'loopbackAddress() gives every trial its own, all in 127.0.0.0/8',
  () => {
    const addresses = Array.from({ length: 10_000 }, (_, trial) => loopbackAddress(trial));
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const address of addresses) {
      const [first, ...rest] = address.split('.').map(Number);
      expect(first).toBe(127);
      for (const part of rest) expect(part >= 0 && part <= 255).toBe(true);
    }
    expect(addresses).not.toContain('127.0.0.1');
  },
);
