/** The number of the look that a summary belongs to, and the level of its intervals. A fixed number of rounds has one look. */
import type { RunConfig } from '../harness/contract/run-config.ts';
import type { Inference } from '../harness/contract/summary.ts';
import { groupSequentialLevels } from './statistics/group-sequential-levels.ts';
import { plannedLooks } from './statistics/planned-looks.ts';

/** Probability that any interval of a scenario misses its true value. */
export const familyError = 0.05;

export interface Look {
  /** For all intervals together. */
  readonly level: number;
  readonly look: Inference['look'];
}

/** @param rounds Finished rounds. */
export function lookAt(
  { until, rounds: roundsMax }: Pick<RunConfig, 'until' | 'rounds'>,
  rounds: number,
): Look {
  if (until === null) return { level: familyError, look: null };
  if (rounds === 0) return { level: familyError, look: { number: 1, roundsMax } };
  const looks = [
    ...plannedLooks(roundsMax).filter((planned) => planned < rounds),
    Math.min(rounds, roundsMax),
  ];
  const levels = groupSequentialLevels(looks, roundsMax, familyError);
  return { level: levels[levels.length - 1], look: { number: looks.length, roundsMax } };
}
