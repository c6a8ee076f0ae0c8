/**
 * Tests the two bounds of a zero. A strategy fails 60 of 6,000 requests in rare bad rounds, all at once, and none in the
 * other rounds. Where no round of a run was bad, the table prints two bounds; this counts how often each one holds.
 */
import { prng } from '../../harness/base/prng.ts';
import { rateOf } from '../../results/summarize-strategy.ts';

const requests = 6_000;
const failsInBadRound = 60;

export interface ZeroCase {
  readonly rounds: number;
  readonly badRoundShare: number;
  /** Of the runs without a failure; of all runs for the bound on bad rounds, which is silent after a failure. */
  readonly runsWithoutFailure: number;
  readonly independentHolds: number;
  readonly badRoundsHolds: number;
}

export function coverZero(rounds: number, badRoundShare: number, runs: number): ZeroCase {
  const random = prng(1, 'zero', rounds, badRoundShare);
  const rate = (badRoundShare * failsInBadRound) / requests;
  let without = 0;
  let independent = 0;
  let badRounds = 0;
  for (let run = 0; run < runs; run++) {
    const trials = Array.from({ length: rounds }, () => ({
      failed: random() < badRoundShare ? failsInBadRound : 0,
      started: requests,
    }));
    const { high, none } = rateOf(trials);
    if (none === null) continue;
    without++;
    independent += Number(high !== null && high >= rate);
    badRounds += Number(none.badRoundShareHigh >= badRoundShare);
  }
  return {
    rounds,
    badRoundShare,
    runsWithoutFailure: without / runs,
    independentHolds: independent / without,
    badRoundsHolds: 1 - (without - badRounds) / runs,
  };
}
