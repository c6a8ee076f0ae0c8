/** What `idlerace selftest` refuses before it starts a process. */
import { expect, test } from 'vitest';
import { runInProcess } from '../../test/fixtures/run-in-process.ts';

test.each([
  [['--only', 'laws,packing'], 'There is no check "packing"'],
  [['--only', 'laws,packing'], 'Did you mean "pacing"?'],
  [['--client', 'lean', '--only', 'pacing'], 'there are: faults, laws'],
  [['--client', './nowhere'], '[program-missing]'],
  [['--seed', 'odd'], 'Cannot use --seed "odd"'],
])('idlerace selftest %j is refused: %s', async (options, says) => {
  const { code, stdout, stderr } = await runInProcess(['selftest', ...options], import.meta.dirname);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(says);
});
