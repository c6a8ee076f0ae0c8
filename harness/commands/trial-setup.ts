/** The setup of one trial of a prepared run. */
import type { RunStore } from '../../results/store.ts';
import { prng } from '../base/prng.ts';
import type { TrialIdentity } from '../contract/trial.ts';
import { loopbackAddress } from '../engine/machine.ts';
import type { TrialSetup } from '../engine/trial-parts.ts';
import { type PreparedRounds, type PreparedRun, planName } from './prepare-run.ts';

/** @param trialsBefore Trials that this run has started. Each trial gets a different loopback address. */
export function trialSetup(
  { config }: PreparedRun,
  { plans, faults }: PreparedRounds,
  store: RunStore,
  identity: TrialIdentity,
  trialsBefore: number,
): TrialSetup {
  const name = planName(identity.scenarioId, identity.round);
  const plan = plans.get(name);
  const scenario = config.scenarios.find(({ id }) => id === identity.scenarioId);
  if (plan === undefined || scenario === undefined) throw new Error(`No plan for trial "${identity.id}"`);
  const { kind, settings, ...limits } = scenario.client;
  return {
    identity,
    plan,
    planFile: store.planFile(name),
    samplesFile: store.samplesFile(identity.id),
    captureFile: store.captureFile(identity.id),
    target: scenario.target,
    faults: faults.get(name) ?? null,
    targetSeed: Math.floor(prng(config.seed, 'target', identity.round)() * 2 ** 32),
    rttMs: scenario.network.rttMs,
    via: scenario.via,
    upstreamRttMs: scenario.network.upstreamRttMs,
    clientKind: kind,
    settings,
    generators: config.generators,
    limits,
    host: loopbackAddress(trialsBefore),
  };
}
