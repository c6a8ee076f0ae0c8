/**
 * Everything that can be known and refused before the first byte of load: strategies resolved,
 * load plans computed, policies worked out for each scenario, refusals of client and target,
 * file descriptors. What comes out can be run; `--dry-run` stops here.
 */
import type { ResolvedChoice } from '../../strategies/resolve-strategy.ts';
import { resolveChoices } from '../../strategies/resolve-strategy.ts';
import { HarnessError } from '../base/errors.ts';
import { findClient } from '../client/index.ts';
import type { FaultScript } from '../contract/fault.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { Policy } from '../contract/policy.ts';
import type { RunConfig, ScenarioConfig } from '../contract/run-config.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import type { TargetKind } from '../contract/target.ts';
import type { TrialIdentity } from '../contract/trial.ts';
import type { TrialParts } from '../engine/trial-parts.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { drawFaults } from '../plan/draw-faults.ts';
import { trialOrder } from '../plan/trial-order.ts';
import { fdLimit } from '../resources/fd-limit.ts';

interface PreparedScenario {
  readonly scenario: ScenarioConfig;
  /** By strategy id, in the order of the matrix. */
  readonly policies: ReadonlyMap<string, Policy>;
}

export interface PreparedRun {
  readonly config: RunConfig;
  readonly strategies: readonly ResolvedChoice[];
  readonly scenarios: readonly PreparedScenario[];
  /** Plan name → plan. */
  readonly plans: ReadonlyMap<string, LoadPlan>;
  /** Plan name → which of its requests suffer which fault; null: none. */
  readonly faults: ReadonlyMap<string, FaultScript | null>;
  /** In the order in which they run: round, then scenario, then the round's shuffled order. */
  readonly trials: readonly TrialIdentity[];
}

export function planName(scenarioId: string, round: number): string {
  return `${scenarioId}.r${round}`;
}

export async function prepareRun(
  config: RunConfig,
  parts: Pick<TrialParts, 'targetKinds' | 'balancerKinds'>,
): Promise<PreparedRun> {
  const strategies = await resolveChoices(config.strategies);
  const plans = new Map<string, LoadPlan>();
  const faults = new Map<string, FaultScript | null>();
  for (const scenario of config.scenarios) {
    for (let round = 1; round <= config.rounds; round++) {
      const plan = buildPlan(scenario, config, round);
      const { target } = scenario;
      plans.set(planName(scenario.id, round), plan);
      const counts = 'faults' in target ? target.faults : {};
      faults.set(planName(scenario.id, round), drawFaults(counts, config.seed, plan));
    }
  }
  const scenarios = config.scenarios.map((scenario) => {
    const facts = scenarioFacts(scenario, config);
    const policies = new Map(strategies.map((choice) => [choice.id, choice.policyFor(facts)]));
    for (const choice of strategies) {
      refuseWhatCannotBeDone(scenario, choice, policies.get(choice.id), parts.targetKinds);
    }
    return { scenario, policies };
  });
  checkFileDescriptors(config);
  for (const scenario of config.scenarios) await preparePrograms(scenario, parts);
  const trials = listTrials(config, strategies, scenarios, plans);
  return { config, strategies, scenarios, plans, faults, trials };
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

function refuseWhatCannotBeDone(
  scenario: ScenarioConfig,
  choice: ResolvedChoice,
  policy: Policy | undefined,
  targetKinds: readonly TargetKind[],
): void {
  const client = findClient(scenario.client.kind);
  const { settings, connectionsPerClientMax } = scenario.client;
  const loop = scenario.traffic.kind === 'closed' ? 'closed' : 'open';
  const target = targetKinds.find(({ id }) => id === scenario.target.kind);
  if (policy === undefined || target === undefined) return;
  const refusals = [
    ...client
      .refusals(policy, { loop, settings, connectionsPerClientMax })
      .map((why) => `client "${client.id}": ${why}`),
    ...target.refusals(scenario.target, policy.server).map((why) => `target "${target.id}": ${why}`),
  ];
  if (refusals.length === 0) return;
  throw new HarnessError(
    'strategy-refused',
    `Strategy "${choice.label}" cannot be carried out in scenario "${scenario.id}": ${refusals.join('; ')}`,
  );
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
  config: RunConfig,
  strategies: readonly ResolvedChoice[],
  scenarios: readonly PreparedScenario[],
  plans: ReadonlyMap<string, LoadPlan>,
): TrialIdentity[] {
  const trials: TrialIdentity[] = [];
  for (let round = 1; round <= config.rounds; round++) {
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
          order: position + 1,
          policy,
          planFingerprint: plan.fingerprint,
        });
      });
    }
  }
  return trials;
}
