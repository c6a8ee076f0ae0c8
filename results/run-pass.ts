/**
 * The one pass over a run's trials. Each trial is read once, when the pass first meets it; what is kept is bounded,
 * however many requests it has. A run that looks at its verdicts between rounds uses one pass for all its looks.
 */
import { assert } from '../harness/base/assert.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { RunConfig } from '../harness/contract/run-config.ts';
import type { TrialIdentity, TrialResult } from '../harness/contract/trial.ts';
import { countRound } from './count-round.ts';
import type { CountedTrial } from './counted-trial.ts';
import type { ReplayedRows } from './predict-strategy.ts';

/** Where trials come from: the run's folder, or a test. */
export interface TrialSource {
  readPlan(scenarioId: string, round: number): LoadPlan;
  readTrial(id: string): TrialResult;
  /** When each request was let go: all that the replay of a round reads of a trial, once the lags of the others are known. */
  readStartedNs(id: string): Float64Array;
}

type PassConfig = Pick<RunConfig, 'scenarios' | 'reference'>;

export class RunPass {
  readonly #source: TrialSource;
  readonly #config: PassConfig;
  readonly #onTrial: (plan: LoadPlan, trial: TrialResult) => void;
  readonly #counted = new Map<string, CountedTrial>();

  /** @param onTrial Called for each trial once, in the order in which they ran. It must not keep the columns. */
  constructor(
    source: TrialSource,
    config: PassConfig,
    onTrial: (plan: LoadPlan, trial: TrialResult) => void = () => {},
  ) {
    this.#source = source;
    this.#config = config;
    this.#onTrial = onTrial;
  }

  /** @param trials In the order in which they ran; of each round, all trials that it will have. */
  count(trials: readonly TrialIdentity[]): CountedTrial[] {
    const rounds = Map.groupBy(
      trials.filter(({ id }) => !this.#counted.has(id)),
      ({ scenarioId, round }) => `${round} ${scenarioId}`,
    );
    for (const round of rounds.values()) this.#countRound(round);
    return trials.flatMap(({ id }) => this.#counted.get(id) ?? []);
  }

  /** Read again from the source, one trial at a time, when the lags of all rounds are known. */
  readonly replayed: ReplayedRows = ({ id, scenarioId, round }) => ({
    plan: this.#source.readPlan(scenarioId, round),
    startedNs: this.#source.readStartedNs(id),
  });

  #countRound(trials: readonly TrialIdentity[]): void {
    const [{ scenarioId, round }] = trials;
    const scenario = this.#config.scenarios.find(({ id }) => id === scenarioId);
    assert(scenario !== undefined, `No scenario "${scenarioId}" in the run's configuration`);
    const plan = this.#source.readPlan(scenarioId, round);
    const read = ({ id }: TrialIdentity) => this.#source.readTrial(id);
    const { reference } = this.#config;
    for (const { trial, counted } of countRound({ plan, scenario, reference, trials, read })) {
      this.#counted.set(trial.identity.id, counted);
      this.#onTrial(plan, trial);
    }
  }
}
