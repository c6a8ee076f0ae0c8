/**
 * A failure rate over several trials, with an interval that does not take requests for independent.
 *
 * Races come in clusters (a burst's connections all age out together) and rounds differ, so the
 * binomial interval on all requests can be far too narrow. The pooled rate gets Wilson's interval
 * on an effective number of requests, started/deff, where deff is how many times wider, squared,
 * the rounds' own scatter is than the binomial's.
 *
 * The scatter of k rounds is itself an estimate with k − 1 degrees of freedom, so it counts with Student's t in
 * place of z; without that, three scattered rounds would be covered 81 % of the time instead of 95 %. deff is
 * never below 1: rounds that agree better than chance allows are luck, or the same plan under the same policy.
 *
 * Where nothing failed there is no scatter to see, and the bound supposes independent failures. It does not hold
 * for stalls, which take many requests of one round at once; the summary says so beside it (`RateEstimate.none`).
 */
import type { Estimate } from '../../harness/contract/summary.ts';
import { normalQuantile } from './normal-quantile.ts';
import { studentTQuantile } from './student-t-quantile.ts';
import { wilsonInterval } from './wilson-interval.ts';

export interface TrialCount {
  readonly failed: number;
  readonly started: number;
}

/** Pooled failed/started with its 95 % interval; no bounds for failures in a single trial, all null when nothing was started. */
export function clusteredRate(perTrial: readonly TrialCount[]): Estimate {
  let failed = 0;
  let started = 0;
  for (const trial of perTrial) {
    failed += trial.failed;
    started += trial.started;
  }
  const rate = wilsonInterval(failed, started, started / designEffect(perTrial, failed, started));
  const rounds = perTrial.filter((trial) => trial.started > 0).length;
  // One round shows nothing of how rounds scatter. Zero keeps its bound, which names what it supposes.
  return rounds === 1 && failed > 0 ? { ...rate, low: null, high: null } : rate;
}

/** At least 1; 1 when there is one trial, or when all or nothing failed. */
function designEffect(perTrial: readonly TrialCount[], failed: number, started: number): number {
  const counted = perTrial.filter((trial) => trial.started > 0);
  const rounds = counted.length;
  if (rounds < 2 || failed === 0 || failed === started) return 1;
  const rate = failed / started;
  // Ratio estimator: variance of Σ failed / Σ started over trials of unequal size.
  const squares = counted.reduce((sum, trial) => sum + (trial.failed - rate * trial.started) ** 2, 0);
  const betweenVariance = (rounds / (rounds - 1)) * (squares / started ** 2);
  const binomialVariance = (rate * (1 - rate)) / started;
  const tOverZ = studentTQuantile(0.975, rounds - 1) / normalQuantile(0.975);
  return Math.max(1, (tOverZ ** 2 * betweenVariance) / binomialVariance);
}
