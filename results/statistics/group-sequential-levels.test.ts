import { expect, test } from 'vitest';
import { prng } from '../../harness/base/prng.ts';
import { groupSequentialLevels } from './group-sequential-levels.ts';
import { normalQuantile } from './normal-quantile.ts';

test('groupSequentialLevels() of a single look at the end is the level itself', () => {
  expect(groupSequentialLevels([5], 5, 0.05)[0]).toBeCloseTo(0.05, 6);
});

test('groupSequentialLevels() equals the published bounds of five equal looks with Pocock-type spending', () => {
  const levels = groupSequentialLevels([1, 2, 3, 4, 5], 5, 0.05);
  const bounds = levels.map((level) => normalQuantile(1 - level / 2).toFixed(2));
  expect(bounds).toEqual(['2.44', '2.43', '2.41', '2.40', '2.39']);
});

test('groupSequentialLevels() keeps the overall error of a random walk at 5 %', () => {
  const looks = [3, 5, 8, 12, 18, 27, 40];
  const bounds = groupSequentialLevels(looks, 40, 0.05).map((level) => normalQuantile(1 - level / 2));
  const random = prng(1, 'looks');
  const runs = 4_000;
  let wrong = 0;
  for (let run = 0; run < runs; run++) {
    let sum = 0;
    for (let round = 1; round <= 40; round++) {
      sum += Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const look = looks.indexOf(round);
      if (look >= 0 && Math.abs(sum) / Math.sqrt(round) > bounds[look]) {
        wrong++;
        break;
      }
    }
  }
  // The binomial's standard error is 0.35 %.
  expect(wrong / runs).toBeGreaterThan(0.04);
  expect(wrong / runs).toBeLessThan(0.06);
});
