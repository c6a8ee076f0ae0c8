/**
 * Decides how many rounds a run has. It runs the rounds up to the next planned look, looks at the verdicts, and repeats
 * this until the goal of the run is reached, or time or rounds are used up. A fixed number of rounds is one block
 * without a look.
 *
 * It uses no processes and no files, so the tests run it in virtual time.
 */
import type { OpenVerdict } from '../../results/open-verdicts.ts';
import { plannedLooks } from '../../results/statistics/planned-looks.ts';
import type { HarnessError } from '../base/errors.ts';
import type { RunConfig } from '../contract/run-config.ts';
import type { StopReason } from '../contract/summary.ts';
import { roundMsOf } from './run-times.ts';

/** What ends a run in the middle of a round. */
export type EarlyEnd =
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: HarnessError };

export type RunEnd =
  | { readonly kind: 'finished'; readonly reason: Exclude<StopReason, 'interrupted'> }
  | EarlyEnd;

export interface RoundSteps {
  /** Runs every trial of the rounds `first` to `last`; resolves with null when they are done. */
  run(first: number, last: number): Promise<EarlyEnd | null>;
  /** The verdicts that are still open after so many rounds. */
  look(rounds: number): readonly OpenVerdict[];
  /** Since the run began. */
  elapsedMs(): number;
}

export async function conductRounds(config: RunConfig, steps: RoundSteps): Promise<RunEnd> {
  if (config.until === null) {
    return (await steps.run(1, config.rounds)) ?? { kind: 'finished', reason: 'rounds' };
  }
  let done = 0;
  for (const look of plannedLooks(config.rounds)) {
    // Time that is left over goes into whole rounds, and one more look after them.
    const last = Math.min(look, done + roundsThatFit(config, done, steps.elapsedMs()));
    if (last > done) {
      const early = await steps.run(done + 1, last);
      if (early !== null) return early;
      done = last;
      if (steps.look(done).length === 0) return { kind: 'finished', reason: 'decided' };
    }
    if (last < look) return { kind: 'finished', reason: 'time' };
  }
  return { kind: 'finished', reason: 'rounds-max' };
}

/** The rounds before the first look; 0 when not even one fits into the time. */
export function firstRounds(config: RunConfig): number {
  if (config.until === null) return config.rounds;
  return Math.min(plannedLooks(config.rounds)[0], roundsThatFit(config, 0, 0));
}

/** By what rounds have taken so far; the first ones by their plan. */
function roundsThatFit(config: RunConfig, done: number, elapsedMs: number): number {
  const timeMsMax = config.until?.timeMsMax ?? null;
  if (timeMsMax === null) return Number.POSITIVE_INFINITY;
  if (done === 0) return Math.floor(timeMsMax / roundMsOf(config));
  return Math.max(0, Math.floor((timeMsMax - elapsedMs) / (elapsedMs / done)));
}
