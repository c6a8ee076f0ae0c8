/**
 * Which requests of a load plan suffer which fault: pure, so that all trials of a round have the
 * same ones.
 *
 * Only rows of the measured time are drawn, so that what a report counts is what was asked for.
 */
import { HarnessError } from '../../base/errors.ts';
import { prng } from '../../base/prng.ts';
import { type FaultCounts, type FaultScript, faultCode, faultKinds } from '../../contract/fault.ts';
import type { LoadPlan } from '../../contract/load-plan.ts';

/**
 * Each kind exactly as often as `counts` says, no row with two. null: no faults at all.
 *
 * @throws HarnessError `config-invalid` when there are more faults than measured rows.
 */
export function drawFaults(
  counts: FaultCounts,
  seed: number,
  plan: Pick<LoadPlan, 'round' | 'intendedNs' | 'warmupNs'>,
): FaultScript | null {
  const codes = faultKinds.flatMap((kind) =>
    kind === 'none' ? [] : Array<number>(counts[kind] ?? 0).fill(faultCode[kind]),
  );
  if (codes.length === 0) return null;
  const { intendedNs, warmupNs, round } = plan;
  const measured = Uint32Array.from(intendedNs.keys()).filter((row) => intendedNs[row] >= warmupNs);
  if (codes.length > measured.length) {
    throw new HarnessError(
      'config-invalid',
      `Cannot commit ${codes.length} faults in a trial of ${measured.length} measured requests (round ${round}); at most one per request is possible.`,
      { hint: 'lower the counts under target.faults, or make the trial longer' },
    );
  }
  const random = prng(seed, 'faults', round);
  const script = new Uint8Array(intendedNs.length);
  // The first steps of a Fisher-Yates shuffle: each takes one of the rows that are left.
  for (let drawn = 0; drawn < codes.length; drawn++) {
    const other = drawn + Math.floor(random() * (measured.length - drawn));
    [measured[drawn], measured[other]] = [measured[other], measured[drawn]];
    script[measured[drawn]] = codes[drawn];
  }
  return script;
}
