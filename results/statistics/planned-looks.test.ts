import { expect, test } from 'vitest';
import { plannedLooks } from './planned-looks.ts';

test.each([
  [40, [3, 5, 8, 12, 18, 27, 40]],
  [20, [3, 5, 8, 12, 18, 20]],
  [8, [3, 5, 8]],
  [3, [3]],
  [2, [2]],
  [1, [1]],
  [70, [3, 5, 8, 12, 18, 27, 40, 60, 70]],
])('plannedLooks(%i) ends with the last round', (roundsMax, looks) => {
  expect(plannedLooks(roundsMax)).toEqual(looks);
});
