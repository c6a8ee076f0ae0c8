/**
 * The races that the law expects for one strategy, in two ways that must not be confused.
 *
 * *Prediction*: each round's plan is replayed with the lags of the strategy's other rounds, so it uses
 * only the plan and the sending times of the round itself. *Law check*: each round's
 * plan is replayed with the lags of the same round, and compared with what was measured in it.
 */
import { noEstimate } from '../harness/contract/estimate.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { RacePredictionSummary, StrategySummary } from '../harness/contract/summary.ts';
import { advertisedSeconds } from '../harness/contract/target.ts';
import type { TrialIdentity } from '../harness/contract/trial.ts';
import { sampledPlan } from '../harness/model/law/client-sample.ts';
import {
  type LagSamples,
  predictRaces,
  type RacePrediction,
  windowOf,
} from '../harness/model/law/race-law.ts';
import { rareRaceProbability } from '../harness/model/law/rare-races.ts';
import { type CountedTrial, type HealthyTrial, isHealthy } from './counted-trial.ts';
import { lagSamplesMin, pooledLags } from './lags.ts';
import { normalQuantile } from './statistics/normal-quantile.ts';
import { studentTQuantile } from './statistics/student-t-quantile.ts';

export interface StrategyPrediction {
  readonly prediction: RacePredictionSummary;
  readonly lawCheck: StrategySummary['lawCheck'];
  /** By trial: from the other rounds' lags. */
  readonly byTrial: ReadonlyMap<string, number | null>;
}

/** What a replay needs of a trial, from the run's folder: it is in memory only while the trial is replayed. */
export type ReplayedRows = (identity: TrialIdentity) => {
  readonly plan: LoadPlan;
  readonly startedNs: Float64Array;
};

export function predictStrategy(
  counted: readonly CountedTrial[],
  scenario: ScenarioConfig,
  seed: number,
  rowsOf: ReplayedRows,
): StrategyPrediction {
  const healthy = counted.filter(isHealthy);
  const lagsOf = (trials: readonly CountedTrial[]) =>
    pooledLags(trials.map(({ lags }) => lags).filter((lags): lags is LagSamples => lags !== null));
  const otherRounds = (one: CountedTrial, among: readonly CountedTrial[]) =>
    among.filter(({ trial }) => trial.identity.round !== one.trial.identity.round);
  const ofHealthy: (RacePrediction | null)[] = [];
  const checked: CheckedRound[] = [];
  const byTrial = new Map<string, number | null>();
  for (const one of counted) {
    const replayed = replayOf(one, scenario, seed, rowsOf);
    const predictedFrom = (others: readonly CountedTrial[]) =>
      one.lags === null ? null : replayed(lagsOf(others));
    const better = otherRounds(one, healthy);
    const prediction = isHealthy(one) || better.length > 0 ? predictedFrom(better) : null;
    // Where no other round is healthy, a trial is predicted from unhealthy ones; no estimate counts that.
    const shown = better.length > 0 ? prediction : predictedFrom(otherRounds(one, counted));
    byTrial.set(one.trial.identity.id, shown?.raceProbability ?? null);
    if (!isHealthy(one)) continue;
    ofHealthy.push(prediction);
    checked.push({ ...one.digest.replayable, expected: one.lags && replayed(one.lags) });
  }
  const all = lagsOf(healthy);
  return {
    prediction: {
      ...expectation(ofHealthy, () => rare(healthy, all, scenario, seed)),
      window: windowOf(all, scenario.network.rttMs),
    },
    lawCheck: checkLaw(checked),
    byTrial,
  };
}

/**
 * The replay of a trial's plan with any lags. It is null where too few are known, unless there can be no race: a replay would
 * take a lag that was never measured for none. Also for a client with its own settings, of which the policy says too little.
 */
function replayOf({ trial }: CountedTrial, scenario: ScenarioConfig, seed: number, rowsOf: ReplayedRows) {
  const { policy } = trial.identity;
  const cannotRace = !policy.connection.reuse || policy.server.idleTimeoutMs === null;
  const isPredictable = scenario.client.settings !== 'own' && scenario.traffic.kind !== 'closed';
  let rows: ReturnType<ReplayedRows> | null = null;
  return (lags: LagSamples): RacePrediction | null => {
    if (!isPredictable || (lags.requestPathNs.length < lagSamplesMin && !cannotRace)) return null;
    rows ??= sampledPlan(rowsOf(trial.identity));
    return predictRaces({
      ...rows,
      lags,
      network: scenario.network,
      connectionsPerClientMax: scenario.client.connectionsPerClientMax,
      seed,
      ...serverFacts(policy, scenario),
    });
  };
}

function serverFacts(policy: HealthyTrial['trial']['identity']['policy'], { target }: ScenarioConfig) {
  const seconds = advertisedSeconds(target, policy.server.idleTimeoutMs);
  return {
    policy,
    advertisedTimeoutMs: seconds === null ? null : seconds * 1_000,
    idleJitterMs: target.kind === 'embedded' ? target.idleJitterMs : 0,
  };
}

function rare(
  healthy: readonly HealthyTrial[],
  lags: LagSamples,
  scenario: ScenarioConfig,
  seed: number,
): number | null {
  const facts = serverFacts(healthy[0].trial.identity.policy, scenario);
  return rareRaceProbability({ scenario, lags, seed, ...facts });
}

/** Of all rounds together; the closed form where the replays count no race at all. */
function expectation(
  rounds: readonly (RacePrediction | null)[],
  closedForm: () => number | null,
): Omit<RacePredictionSummary, 'window'> {
  const known = rounds.filter((round) => round !== null);
  if (known.length === 0 || known.length < rounds.length) {
    return { raceProbability: null, by: null, requestsReplayed: 0 };
  }
  const sum = (of: (round: RacePrediction) => number) => known.reduce((all, round) => all + of(round), 0);
  const requestsReplayed = sum(({ requests, replays }) => requests * replays);
  const replay = {
    raceProbability: sum(({ expectedRaces }) => expectedRaces) / sum(({ requests }) => requests),
    by: 'replay' as const,
    requestsReplayed,
  };
  if (replay.raceProbability > 0) return replay;
  const raceProbability = closedForm();
  return raceProbability === null ? replay : { raceProbability, by: 'closed-form', requestsReplayed };
}

interface CheckedRound {
  readonly raced: number;
  readonly started: number;
  readonly expected: RacePrediction | null;
}

/**
 * Measured minus predicted, over all rounds: D = Σ(racedᵣ − pᵣ·startedᵣ) / Σ startedᵣ.
 *
 * Half width of the 95 % interval: the larger of
 *  - t(0.975, K − 1) · √(K/(K − 1) · Σ eᵣ²) / Σ startedᵣ with eᵣ = racedᵣ − (pᵣ + D)·startedᵣ, the ratio
 *    estimator's between-round error (Cochran, *Sampling Techniques*, §6.3), and
 *  - t(0.975, Σ (replaysᵣ − 1)) · √(Σ sdᵣ²·(1 + 1/replaysᵣ)) / Σ startedᵣ, what the replay's own spread leaves
 *    open, the plans being given. Counts are whole, so half the width is z(0.975) races at least.
 */
export function checkLaw(rounds: readonly CheckedRound[]): StrategySummary['lawCheck'] {
  const known = rounds.flatMap(({ expected, ...counts }) =>
    expected === null || counts.started === 0 ? [] : [{ ...counts, expected }],
  );
  if (known.length === 0) return { predicted: null, measuredMinusPredicted: noEstimate };
  const sum = (of: (round: (typeof known)[number]) => number) =>
    known.reduce((all, round) => all + of(round), 0);
  const started = sum((round) => round.started);
  const races = ({ expected, started: of }: (typeof known)[number]) => expected.raceProbability * of;
  const predicted = sum(races) / started;
  const estimate = sum(({ raced }) => raced) / started - predicted;
  const spread = sum(
    ({ expected: { racesSd, requests, replays }, started: of }) =>
      ((racesSd * of) / requests) ** 2 * (1 + 1 / replays),
  );
  const spreadFreedom = sum(({ expected: { replays } }) => replays - 1);
  const halves = [normalQuantile(0.975), studentTQuantile(0.975, spreadFreedom) * Math.sqrt(spread)];
  const rest = known.length - 1;
  if (rest > 0) {
    const squares = sum((round) => (round.raced - races(round) - estimate * round.started) ** 2);
    halves.push(studentTQuantile(0.975, rest) * Math.sqrt(((rest + 1) / rest) * squares));
  }
  const half = Math.max(...halves) / started;
  return {
    predicted,
    measuredMinusPredicted: { estimate, low: estimate - half, high: estimate + half },
  };
}
