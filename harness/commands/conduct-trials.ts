/**
 * Runs trials one after the other and stores each as soon as it is done. A trial that is unhealthy is run again, with
 * the same plan, soon after: the machine disturbed it, so it says nothing. Ends early when the target is lost.
 */
import { HarnessError } from '../base/errors.ts';
import { outcomeCode } from '../contract/outcome.ts';
import type { TrialIdentity, TrialResult } from '../contract/trial.ts';
import type { PreparedTrial, TrialSetup } from '../engine/trial-parts.ts';
import type { EarlyEnd } from './conduct-rounds.ts';

export interface TrialSteps {
  /** Of the run; its path is part of the error that ends it early. */
  readonly folder: string;
  /** Yields the results in order; takes the next setup before the result of the last one is known. */
  run(setups: Iterable<TrialSetup>): AsyncIterable<TrialResult>;
  setup(trial: PreparedTrial): TrialSetup;
  store(result: TrialResult): void;
  /** The identity of its next attempt; null: it stays as it is. */
  repeat(result: TrialResult): TrialIdentity | null;
}

/** @returns null when every trial is done. */
export async function conductTrials(
  trials: readonly PreparedTrial[],
  { folder, run, setup, store, repeat }: TrialSteps,
): Promise<EarlyEnd | null> {
  const queue = [...trials];
  const running: PreparedTrial[] = [];
  function* setups() {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      running.push(next);
      yield setup(next);
    }
  }
  // The results of the last trials come when no setup is asked for any more: their repeats are a run of their own.
  while (queue.length > 0) {
    for await (const result of run(setups())) {
      store(result);
      if (result.generator === null) return { kind: 'failed', error: targetLost(result, folder) };
      const trial = running.shift();
      const again = repeat(result);
      if (again !== null && trial !== undefined) queue.unshift({ ...trial, identity: again });
    }
  }
  return null;
}

/** After so many trials that stayed unhealthy to their last attempt, nothing is repeated until a trial is healthy again. */
const hopelessMax = 2;

/**
 * Decides which trials are run again.
 *
 * @param repeatsMax Of each trial.
 * @param isTime Is there time for another trial?
 */
export function repeatUnhealthy(repeatsMax: number, isTime: () => boolean): TrialSteps['repeat'] {
  let hopeless = 0;
  return ({ identity, health }) => {
    if (health.ok) {
      hopeless = 0;
      return null;
    }
    if (identity.attempt > repeatsMax) {
      hopeless++;
      return null;
    }
    if (hopeless >= hopelessMax || !isTime()) return null;
    const { id, attempt } = identity;
    return { ...identity, id: `${id.replace(/\.again\d+$/, '')}.again${attempt}`, attempt: attempt + 1 };
  };
}

/** For example `failed 2.9 %`. */
export function lostShare({ generator }: TrialResult): string {
  if (generator === null) return 'was cut short';
  const { outcome } = generator.requests;
  const { started } = generator.counters;
  const ok = outcome.reduce((count, code) => count + Number(code === outcomeCode.ok), 0);
  return started === 0 ? 'sent nothing' : `failed ${(((started - ok) / started) * 100).toFixed(1)} %`;
}

function targetLost({ identity, health }: TrialResult, folder: string): HarnessError {
  return new HarnessError(
    'target-lost',
    `Trial "${identity.id}" was cut short: ${health.reasons.join('; ')}. Finished trials are kept.`,
    { hint: `idlerace report ${folder}` },
  );
}
