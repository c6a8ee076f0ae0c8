/**
 * Everything that can be known and refused before the first byte of load: strategies resolved, policies worked out for
 * each scenario, refusals of client and target, file descriptors. Then, for the rounds that are about to run, their
 * load plans, faults and trials: a run that ends when its verdicts are decided may need only a few of its rounds.
 */
import type { ResolvedChoice } from '../../strategies/resolve-strategy.ts';
import { resolveChoices } from '../../strategies/resolve-strategy.ts';
import { assert } from '../base/assert.ts';
import { HarnessError } from '../base/errors.ts';
import { prng } from '../base/prng.ts';
import { formatDuration } from '../base/units.ts';
import { findClient } from '../client/index.ts';
import type { Policy } from '../contract/policy.ts';
import type { RunConfig, ScenarioConfig } from '../contract/run-config.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import { fdLimit } from '../engine/resources/fd-limit.ts';
import type { PreparedTrial, TrialParts } from '../engine/trial-parts.ts';
import { buildPlan } from '../model/plan/build-plan.ts';
import { drawFaults } from '../model/plan/draw-faults.ts';
import { trialOrder } from '../model/plan/trial-order.ts';
import { firstRounds } from './conduct-rounds.ts';
import { policyCarriedOut } from './refusals.ts';
import { roundMsOf } from './run-times.ts';
import { kindsOf } from './trial-setup.ts';

interface PreparedScenario extends Pick<PreparedTrial, 'targetKind' | 'balancerKind'> {
  readonly scenario: ScenarioConfig;
  /** In the order of the matrix. */
  readonly strategies: readonly { readonly choice: ResolvedChoice; readonly policy: Policy }[];
}

interface PreparedStrategies {
  readonly config: RunConfig;
  readonly strategies: readonly ResolvedChoice[];
  readonly scenarios: readonly PreparedScenario[];
}

export interface PreparedRun extends PreparedStrategies {
  /** Those of the rounds before the first look; all of them when the number of rounds is fixed. */
  readonly first: readonly PreparedTrial[];
}

export async function prepareRun(
  config: RunConfig,
  parts: Pick<TrialParts, 'targetKinds' | 'balancerKinds'>,
): Promise<PreparedRun> {
  const roundsFirst = roundsBeforeFirstLook(config);
  const strategies = await resolveChoices(config.strategies);
  const scenarios = config.scenarios.map((scenario): PreparedScenario => {
    const facts = scenarioFacts(scenario, config);
    const kinds = kindsOf(scenario, parts);
    const client = findClient(scenario.client.kind);
    const policies = strategies.map((choice) => {
      return { choice, policy: policyCarriedOut(choice, facts, scenario, client, kinds.targetKind) };
    });
    return { scenario, strategies: policies, ...kinds };
  });
  checkFileDescriptors(config);
  const first = prepareRounds({ config, strategies, scenarios }, 1, roundsFirst);
  for (const scenario of scenarios) await preparePrograms(scenario);
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

/**
 * The trials of rounds `first` to `last`, in the order in which they run: round, then scenario, then the order within the
 * round. The same seed gives the same rounds, whatever was prepared before.
 */
export function prepareRounds(prepared: PreparedStrategies, first: number, last: number): PreparedTrial[] {
  const rounds = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return rounds.flatMap((round) =>
    prepared.scenarios.flatMap((scenario) => prepareRound(prepared.config, scenario, round)),
  );
}

function prepareRound(
  config: RunConfig,
  { scenario, strategies, targetKind, balancerKind }: PreparedScenario,
  round: number,
): PreparedTrial[] {
  const { seed, generators } = config;
  const { target } = scenario;
  const plan = buildPlan(scenario, config, round);
  const faults = drawFaults('faults' in target ? target.faults : {}, seed, plan);
  const targetSeed = Math.floor(prng(seed, 'target', round)() * 2 ** 32);
  const labels = strategies.map(({ choice }) => choice.label);
  return trialOrder(labels, seed, scenario.id, round).map((label, position) => {
    const strategy = strategies.find(({ choice }) => choice.label === label);
    assert(strategy !== undefined, `No strategy "${label}"`);
    const identity = {
      id: `${scenario.id}.${strategy.choice.id}.r${round}`,
      scenarioId: scenario.id,
      strategyId: strategy.choice.id,
      strategyLabel: label,
      round,
      attempt: 1,
      order: position + 1,
      policy: strategy.policy,
      planFingerprint: plan.fingerprint,
    };
    return { identity, plan, faults, scenario, targetKind, balancerKind, targetSeed, generators };
  });
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
async function preparePrograms({ scenario, targetKind, balancerKind }: PreparedScenario): Promise<void> {
  const kind = findClient(scenario.client.kind);
  if ('command' in kind) await kind.command();
  await targetKind.prepare?.(scenario.target);
  await balancerKind?.prepare?.();
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
