/**
 * The race law: which requests die of the idle close is predicted from the timeout, the round trip and
 * measured lags alone, and counted. See `race-sweep.ts` for the load and `judge-race-law.ts` for the sums.
 */
import type { Bench } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { judgeRaceLaw } from './judge-race-law.ts';
import { complaints } from './laws-finding.ts';
import { readSweep, type SweepSetup, sweepPlan } from './race-sweep.ts';
import { booksOf } from './trial-books.ts';

const setup: SweepSetup = { idleTimeoutMs: 400, rttMs: 20, connections: 1_600, everyMs: 2, reachMs: 40 };

export const checkRaceLaw: Check = {
  id: 'race-law',
  title: 'Requests fail because of the idle close where the law predicts it, and only there',
  lastsMs: 5_000,
  async run(bench: Bench): Promise<CheckResult> {
    const sweep = sweepPlan(setup, bench.seed);
    const result = await bench.run({
      id: 'race-law',
      plan: sweep.plan,
      target: { idleTimeoutMs: setup.idleTimeoutMs },
      rttMs: setup.rttMs,
    });
    return judgeRaceLaw(readSweep(sweep, booksOf(result)), setup, bench.seed, complaints(result));
  },
};
