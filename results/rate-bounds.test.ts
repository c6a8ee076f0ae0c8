/** What a share of zero leaves possible, from trials that may have sent nothing. */
import { expect, test } from 'vitest';
import { rateOf } from './summarize-strategy.ts';

test('rateOf() counts only rounds that sent something toward the bound on bad rounds', () => {
  const clean = { failed: 0, started: 1_000 };
  const { none } = rateOf([clean, clean, clean, { failed: 0, started: 0 }]);
  expect(none).toMatchObject({ requests: 3_000, rounds: 3 });
  expect(none?.badRoundShareHigh).toBeCloseTo(0.63, 2);
  expect(rateOf([{ failed: 1, started: 1_000 }, clean]).none).toBeNull();
});
