/**
 * Counts the trials of one round of one scenario. Each is read once, counted, compared with the reference's trial, and
 * let go: at any time, the columns of the reference's trial (while its attempts are read, of all of them) and of one other are
 * in memory.
 */
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { TrialIdentity, TrialResult } from '../harness/contract/trial.ts';
import { type CountedTrial, countTrial } from './counted-trial.ts';
import { type Fates, fatesOf } from './digest-trial.ts';

export interface Round {
  readonly plan: LoadPlan;
  readonly scenario: ScenarioConfig;
  /** Label of the strategy that the others are compared with. */
  readonly reference: string;
  /** In the order in which they ran. */
  readonly trials: readonly TrialIdentity[];
  read(identity: TrialIdentity): TrialResult;
}

export function* countRound(round: Round): Generator<{ trial: TrialResult; counted: CountedTrial }> {
  const { plan, scenario, reference } = round;
  const isReference = ({ strategyLabel }: TrialIdentity) => strategyLabel === reference;
  const attempts = round.trials.filter(isReference).map(round.read);
  const fates = fatesOfHealthy(plan, attempts);
  for (const identity of round.trials) {
    const trial = isReference(identity) ? attempts.shift() : round.read(identity);
    if (trial === undefined) continue;
    yield { trial, counted: countTrial(trial, plan, scenario, isReference(identity) ? null : fates) };
  }
}

/** At most one attempt at a trial is healthy. */
function fatesOfHealthy(plan: LoadPlan, attempts: readonly TrialResult[]): Fates | null {
  for (const { generator, health } of attempts) {
    if (generator !== null && health.ok) return fatesOf(plan, generator);
  }
  return null;
}
