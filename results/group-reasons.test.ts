import { expect, test } from 'vitest';
import { groupReasons } from './group-reasons.ts';

test('groupReasons() states each cause once, with its first numbers and a count', () => {
  expect(
    groupReasons([
      'the generator was late: p99 54.5 ms (limit 50 ms)',
      'the target was lost: it exited with code 3',
      'the generator was late: p99 1,061 ms (limit 50 ms)',
      'the generator was late: p99 50.1 ms (limit 50 ms)',
    ]),
  ).toEqual([
    'the generator was late: p99 54.5 ms (limit 50 ms), in 3 trials',
    'the target was lost: it exited with code 3',
  ]);
  expect(groupReasons([])).toEqual([]);
});
