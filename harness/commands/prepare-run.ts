/**
 * Everything that can be known and refused before the first byte of load: strategies resolved, policies worked out for
 * each scenario, refusals of client and target, file descriptors. Then, for the rounds that are about to run, their
 * load plans, faults and trials: a run that ends when its verdicts are decided may need only a few of its rounds.
 */
import type { ResolvedChoice } from '../../strategies/resolve-strategy.ts';
import { resolveChoices } from '../../strategies/resolve-strategy.ts';
import { assert } from '../base/assert.ts';
import { HarnessError } from '../base/errors.ts';
import { formatDuration } from '../base/units.ts';
import { findClient } from '../client/index.ts';
import type { FaultScript } from '../contract/fault.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { Policy } from '../contract/policy.ts';
import type { RunConfig, ScenarioConfig } from '../contract/run-config.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import type { TrialIdentity } from '../contract/trial.ts';
import { fdLimit } from '../engine/resources/fd-limit.ts';
import type { TrialParts } from '../engine/trial-parts.ts';
import { buildPlan } from '../model/plan/build-plan.ts';
import { drawFaults } from '../model/plan/draw-faults.ts';
import { trialOrder } from '../model/plan/trial-order.ts';
import { firstRounds } from './conduct-rounds.ts';
import { refuseWhatCannotBeDone } from './refusals.ts';
import { roundMsOf } from './run-times.ts';

interface PreparedScenario {
  readonly scenario: ScenarioConfig;
  /** By strategy id, in the order of the matrix. */
  readonly policies: ReadonlyMap<string, Policy>;
}

interface PreparedStrategies {
  readonly config: RunConfig;
  readonly strategies: readonly ResolvedChoice[];
  readonly scenarios: readonly PreparedScenario[];
}

export interface PreparedRun extends PreparedStrategies {
  /** The rounds before the first look; all of them when their number is fixed. */
  readonly first: PreparedRounds;
}

export interface PreparedRounds {
  /** Plan name → plan. */
  readonly plans: ReadonlyMap<string, LoadPlan>;
  /** Plan name → which of its requests suffer which fault; null: none. */
  readonly faults: ReadonlyMap<string, FaultScript | null>;
  /** In the order in which they run: round, then scenario, then the order within the round. */
  readonly trials: readonly TrialIdentity[];
}

export function planName(scenarioId: string, round: number): string {
  return `${scenarioId}.r${round}`;
}

export async function prepareRun(
  config: RunConfig,
  parts: Pick<TrialParts, 'targetKinds' | 'balancerKinds'>,
): Promise<PreparedRun> {
  const roundsFirst = roundsBeforeFirstLook(config);
  const strategies = await resolveChoices(config.strategies);
  const scenarios = config.scenarios.map((scenario) => {
    const facts = scenarioFacts(scenario, config);
    const policies = new Map(strategies.map((choice) => [choice.id, choice.policyFor(facts)]));
    for (const choice of strategies) {
      const target = parts.targetKinds.find(({ id }) => id === scenario.target.kind);
      assert(target !== undefined, `no target kind "${scenario.target.kind}"`);
      refuseWhatCannotBeDone(choice, facts, scenario, findClient(scenario.client.kind), target);
    }
    return { scenario, policies };
  });
  checkFileDescriptors(config);
  const first = prepareRounds({ config, strategies, scenarios }, 1, roundsFirst);
  for (const scenario of config.scenarios) await preparePrograms(scenario, parts);
  return { config, strategies, scenarios, first };
}

/** @throws HarnessError `config-invalid` when not even one round fits into the time. */
function roundsBeforeFirstLook(config: RunConfig): number {
  const rounds = firstRounds(config);
  if (rounds > 0) return rounds;
  const roundMs = Math.ceil(roundMsOf(config) / 1_000) * 1_000;
  throw new HarnessError(
    'config-invalid',
    `One round takes about ${formatDuration(roundMs)}; maxTime is ${formatDuration(config.until?.timeMsMax ?? 0)}. At least one round must fit.`,
    { hint: `--max-time ${formatDuration(3 * roundMs)}` },
  );
}

/** Rounds `first` to `last`. The same seed gives the same rounds, whatever was prepared before. */
export function prepareRounds(prepared: PreparedStrategies, first: number, last: number): PreparedRounds {
  const { config } = prepared;
  const plans = new Map<string, LoadPlan>();
  const faults = new Map<string, FaultScript | null>();
  const rounds = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  for (const scenario of config.scenarios) {
    for (const round of rounds) {
      const plan = buildPlan(scenario, config, round);
      const { target } = scenario;
      plans.set(planName(scenario.id, round), plan);
      const counts = 'faults' in target ? target.faults : {};
      faults.set(planName(scenario.id, round), drawFaults(counts, config.seed, plan));
    }
  }
  return { plans, faults, trials: rounds.flatMap((round) => listTrials(prepared, plans, round)) };
}

function scenarioFacts(scenario: ScenarioConfig, { warmupMs, durationMs }: RunConfig): ScenarioFacts {
  return {
    rttMs: scenario.network.rttMs,
    serverIdleTimeoutMs: scenario.target.idleTimeoutMs,
    peerIdleTimeoutMs: scenario.via?.clientIdleTimeoutMs ?? scenario.target.idleTimeoutMs,
    // Where requests of a client overlap, a spare connection can stay idle from its first use to the end.
    gapMaxMs: warmupMs + durationMs,
    ...scenario.lagAllowance,
  };
}

/** Whatever a trial would have to build, or would find missing, is built or missed now. */
async function preparePrograms(
  { client, target, via }: ScenarioConfig,
  { targetKinds, balancerKinds }: Pick<TrialParts, 'targetKinds' | 'balancerKinds'>,
): Promise<void> {
  const kind = findClient(client.kind);
  if ('command' in kind) await kind.command();
  await targetKinds.find(({ id }) => id === target.kind)?.prepare?.(target);
  if (via !== null) await balancerKinds.find(({ id }) => id === via.kind)?.prepare?.();
}

/** The wire holds both ends of every connection. */
function checkFileDescriptors(config: RunConfig): void {
  const limit = fdLimit();
  if (limit === null) return;
  const spare = 200;
  for (const { traffic, client, network, via, id } of config.scenarios) {
    const connections = traffic.clients * (client.connectionsPerClientMax ?? 1);
    // A balancer holds both ends too.
    const ends = network.rttMs > 0 || via !== null ? 2 : 1;
    const needed = connections * ends + spare;
    if (needed <= limit) continue;
    throw new HarnessError(
      'fd-limit',
      `Scenario "${id}" needs up to ${needed} open files in one process for ${connections} connections; the limit is ${limit}.`,
      { hint: `ulimit -n ${needed}` },
    );
  }
}

function listTrials(
  { config, strategies, scenarios }: PreparedStrategies,
  plans: ReadonlyMap<string, LoadPlan>,
  round: number,
): TrialIdentity[] {
  const trials: TrialIdentity[] = [];
  for (const { scenario, policies } of scenarios) {
    const labels = strategies.map(({ label }) => label);
    trialOrder(labels, config.seed, scenario.id, round).forEach((label, position) => {
      const choice = strategies.find((one) => one.label === label);
      const policy = choice && policies.get(choice.id);
      const plan = plans.get(planName(scenario.id, round));
      if (choice === undefined || policy === undefined || plan === undefined) return;
      trials.push({
        id: `${scenario.id}.${choice.id}.r${round}`,
        scenarioId: scenario.id,
        strategyId: choice.id,
        strategyLabel: label,
        round,
        attempt: 1,
        order: position + 1,
        policy,
        planFingerprint: plan.fingerprint,
      });
    });
  }
  return trials;
}
