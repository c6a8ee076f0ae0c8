/**
 * The floor of a run: the harness overhead that every response time includes. It is measured before the first trial
 * against a server that answers immediately, without the wire.
 */

import { digestTrial } from '../../results/digest-trial.ts';
import type { RunStore } from '../../results/store.ts';
import { slug } from '../base/slug.ts';
import { quantile } from '../base/statistics/quantile.ts';
import { referencePolicy } from '../contract/policy.ts';
import type { RunConfig, ScenarioConfig } from '../contract/run-config.ts';
import type { FloorReading } from '../contract/summary.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { TrialSetup } from '../engine/trial-parts.ts';
import { buildPlan } from '../model/plan/build-plan.ts';
import { encodePlan } from '../model/plan/plan-file.ts';
import { plainTarget } from '../target/plain-target.ts';

export const floorScenarioId = 'floor';

const warmupMs = 250;
const durationMs = 500;

/** One trial for each client kind of the run. */
export function floorSetups({ seed, scenarios }: RunConfig, store: RunStore): TrialSetup[] {
  const kinds = new Map(scenarios.map(({ client }) => [client.kind, client]));
  return [...kinds.values()].map((client) => {
    // A driver's path is no file name.
    const id = `${floorScenarioId}.${slug(client.kind)}`;
    const plan = buildPlan(scenarioOf(client), { seed, warmupMs, durationMs }, 1);
    store.write(`plans/${id}.plan`, encodePlan(plan));
    const { kind: clientKind, settings, ...limits } = client;
    return {
      identity: {
        id,
        scenarioId: floorScenarioId,
        strategyId: clientKind,
        strategyLabel: clientKind,
        round: 1,
        attempt: 1,
        order: 1,
        policy: referencePolicy(plainTarget.idleTimeoutMs),
        planFingerprint: plan.fingerprint,
      },
      plan,
      planFile: store.planFile(id),
      samplesFile: store.samplesFile(id),
      captureFile: store.captureFile(id),
      target: plainTarget,
      faults: null,
      targetSeed: seed,
      rttMs: 0,
      via: null,
      upstreamRttMs: 0,
      clientKind,
      settings,
      generators: 1,
      limits,
      host: '127.0.0.1',
    };
  });
}

/** @returns null when the trial was cut short or nothing was answered. */
export function floorReading({ plan, clientKind }: TrialSetup, trial: TrialResult): FloorReading | null {
  if (trial.generator === null) return null;
  const { responseMs } = digestTrial(plan, trial, trial.generator);
  const [p50, p99] = [quantile(responseMs, 0.5), quantile(responseMs, 0.99)];
  if (p50 === null || p99 === null) return null;
  return { clientKind, requests: responseMs.length, responseTimeMs: { p50, p99 } };
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
