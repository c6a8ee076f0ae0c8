/**
 * Runs the prepared trials one after the other and stores each as soon as it is done. Ends early
 * on Ctrl-C or when something is lost; what finished stays.
 */
import type { RunStore } from '../../results/store.ts';
import { nowNs, nsPerMs } from '../base/clock.ts';
import { HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { prng } from '../base/prng.ts';
import { outcomeCode } from '../contract/outcome.ts';
import type { FloorReading } from '../contract/summary.ts';
import type { TrialIdentity, TrialResult } from '../contract/trial.ts';
import { loopbackAddress } from '../engine/machine.ts';
import { runTrials } from '../engine/run-trial.ts';
import type { TrialParts } from '../engine/trial-parts.ts';
import { startProgress } from '../ui/progress.ts';
import { floorReading, floorScenarioId, floorSetups } from './floor.ts';
import { type PreparedRun, planName } from './prepare-run.ts';

export type RunEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: HarnessError };

/** Spawning, connecting, draining and stopping, beside warm-up and measured time, in ms. */
export const trialOverheadMs = 300;

class Interrupted extends Error {}

export async function conductTrials(
  host: Host,
  store: RunStore,
  prepared: PreparedRun,
  trialParts: TrialParts,
  { quiet, json }: { quiet: boolean; json: boolean },
): Promise<RunEnd> {
  const { config, trials } = prepared;
  const interruption = new AbortController();
  const stopListening = host.onInterrupt(() => interruption.abort(new Interrupted()));
  const progress = startProgress(
    quiet || json ? { ...host.stderr, isTty: false } : host.stderr,
    { trialsPlanned: trials.length, trialMs: config.warmupMs + config.durationMs + trialOverheadMs },
    () => nowNs() / nsPerMs,
  );
  const parts: TrialParts = {
    ...trialParts,
    onLoad: (identity) =>
      progress.trial(
        identity.scenarioId === floorScenarioId
          ? 'the harness’s own floor'
          : `round ${identity.round}/${config.rounds} · ${where(prepared, identity)}`,
      ),
  };
  const setups = trials.map((identity, index) => trialSetup(prepared, store, identity, index));
  const floors = floorSetups(config, store);
  const floor: FloorReading[] = [];
  try {
    for await (const result of runTrials([...floors, ...setups], parts, interruption.signal)) {
      const ofFloor = floors.find(({ identity }) => identity === result.identity);
      if (ofFloor !== undefined) {
        const reading = floorReading(ofFloor, result);
        if (reading !== null) floor.push(reading);
        store.writeFloor(floor);
        continue;
      }
      store.writeTrial(result);
      progress.trialDone(`last: ${result.identity.strategyLabel} ${lostShare(result)}`);
      if (result.generator === null) return { kind: 'failed', error: targetLost(result, store) };
    }
    return { kind: 'finished' };
  } catch (error) {
    if (error instanceof Interrupted) return { kind: 'interrupted' };
    if (error instanceof HarnessError) return { kind: 'failed', error };
    throw error;
  } finally {
    progress.end();
    stopListening();
  }
}

function trialSetup(prepared: PreparedRun, store: RunStore, identity: TrialIdentity, index: number) {
  const { config, plans, faults } = prepared;
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
    host: loopbackAddress(index),
  };
}

function where({ config }: PreparedRun, { scenarioId, strategyLabel }: TrialIdentity): string {
  return config.scenarios.length === 1 ? strategyLabel : `${scenarioId} · ${strategyLabel}`;
}

function lostShare({ generator }: TrialResult): string {
  if (generator === null) return 'was cut short';
  const { outcome } = generator.requests;
  const { started } = generator.counters;
  const ok = outcome.reduce((count, code) => count + Number(code === outcomeCode.ok), 0);
  return started === 0 ? 'sent nothing' : `lost ${(((started - ok) / started) * 100).toFixed(1)} %`;
}

function targetLost({ identity, health }: TrialResult, store: RunStore): HarnessError {
  return new HarnessError(
    'target-lost',
    `Trial "${identity.id}" was cut short: ${health.reasons.join('; ')}. Finished trials are kept.`,
    { hint: `idlerace report ${store.folder}` },
  );
}
