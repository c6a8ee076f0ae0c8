/**
 * The measured time of a trial cut into seconds, and the requests that were sent in each: a counting sort in typed arrays.
 * Requests belong to the second they were meant for (closed loop: started in).
 */
import { nsPerSecond } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { RequestColumns } from '../harness/contract/samples.ts';

export interface Second {
  /** Position in the measured time, from 0. */
  readonly second: number;
  /** Rows of the plan. */
  readonly rows: Uint32Array;
  /** Its span, from the start of the trial. */
  readonly fromNs: number;
  readonly toNs: number;
}

/** Whole and begun seconds. @param rows Of the measured time. */
export function secondsOf(plan: LoadPlan, requests: RequestColumns, rows: Uint32Array): Second[] {
  const { warmupNs, endNs } = plan;
  const at = plan.loop === 'open' ? plan.intendedNs : requests.startedNs;
  const count = Math.ceil((endNs - warmupNs) / nsPerSecond);
  const secondOf = new Uint32Array(rows.length);
  const next = new Uint32Array(count + 1);
  for (let index = 0; index < rows.length; index++) {
    const isSent = requests.outcome[rows[index]] !== outcomeCode.dropped;
    // The last second takes what is later; one more takes what was not sent.
    secondOf[index] = isSent ? Math.min(count - 1, (at[rows[index]] - warmupNs) / nsPerSecond) : count;
    next[secondOf[index]]++;
  }
  for (let second = 0, before = 0; second <= count; second++) {
    const own = next[second];
    next[second] = before;
    before += own;
  }
  const firstOf = next.slice();
  const sorted = new Uint32Array(rows.length);
  for (let index = 0; index < rows.length; index++) sorted[next[secondOf[index]]++] = rows[index];
  return Array.from({ length: count }, (_, second) => {
    const fromNs = warmupNs + second * nsPerSecond;
    const own = sorted.subarray(firstOf[second], firstOf[second + 1]);
    return { second, rows: own, fromNs, toNs: Math.min(endNs, fromNs + nsPerSecond) };
  });
}
