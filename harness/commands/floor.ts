/**
 * The floor of a run: the harness overhead that every response time includes. It is measured before the first trial
 * against a server that answers immediately, without the wire.
 */

import { digestTrial } from '../../results/digest-trial.ts';
import type { RunStore } from '../../results/store.ts';
import { slug } from '../base/slug.ts';
import { quantileOf } from '../base/statistics/times.ts';
import { referencePolicy } from '../contract/policy.ts';
import type { RunConfig, ScenarioConfig } from '../contract/run-config.ts';
import type { FloorReading } from '../contract/summary.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { TrialParts, TrialSetup } from '../engine/trial-parts.ts';
import { buildPlan } from '../model/plan/build-plan.ts';
import { encodePlan } from '../model/plan/plan-file.ts';
import { plainTarget } from '../target/plain-target.ts';
import { kindsOf, trialSetup } from './trial-setup.ts';

export const floorScenarioId = 'floor';

const warmupMs = 250;
const durationMs = 500;

/** One trial for each client kind of the run. */
export function floorSetups(
  { seed, scenarios }: RunConfig,
  store: RunStore,
  parts: TrialParts,
): TrialSetup[] {
  const kinds = new Map(scenarios.map(({ client }) => [client.kind, client]));
  return [...kinds.values()].map((client) => {
    // A driver's path is no file name.
    const id = `${floorScenarioId}.${slug(client.kind)}`;
    const scenario = scenarioOf(client);
    const plan = buildPlan(scenario, { seed, warmupMs, durationMs }, 1);
    store.write(`plans/${id}.plan`, encodePlan(plan));
    const identity = {
      id,
      scenarioId: floorScenarioId,
      strategyId: client.kind,
      strategyLabel: client.kind,
      round: 1,
      attempt: 1,
      order: 1,
      policy: referencePolicy(plainTarget.idleTimeoutMs),
      planFingerprint: plan.fingerprint,
    };
    const trial = { identity, plan, faults: null, scenario, targetSeed: seed, generators: 1 };
    const files = { ...store.filesOf(identity), planFile: store.planFile(id) };
    return trialSetup({ ...trial, ...kindsOf(scenario, parts) }, files, '127.0.0.1');
  });
}

/** @returns null when the trial was cut short or nothing was answered. */
export function floorReading({ plan, clientKind }: TrialSetup, trial: TrialResult): FloorReading | null {
  if (trial.generator === null) return null;
  const { responseMs, ok } = digestTrial(plan, trial, trial.generator);
  const [p50, p99] = [quantileOf(responseMs, 0.5), quantileOf(responseMs, 0.99)];
  if (p50 === null || p99 === null) return null;
  return { clientKind, requests: ok, responseTimeMs: { p50, p99 } };
}

/** 500 requests per second on connections that are never idle for long. */
function scenarioOf(client: ScenarioConfig['client']): ScenarioConfig {
  return {
    id: floorScenarioId,
    axes: {},
    target: plainTarget,
    via: null,
    network: { rttMs: 0, upstreamRttMs: 0 },
    traffic: { kind: 'heartbeat', clients: 20, periodMs: 40, jitterMs: 10 },
    requests: [
      {
        weight: 1,
        template: { method: 'POST', path: '/', headers: {} },
        bodyBytes: { kind: 'fixed', value: 64 },
      },
    ],
    client,
    lagAllowance: { serverLagMs: 0, clientLagMs: 0 },
  };
}
