/** Valid scenarios → the one `RunConfig` that everything downstream reads: complete, in ms and bytes. */
import { resolve } from 'node:path';
import { assert } from '../base/assert.ts';
import {
  type RunConfig,
  type ScenarioConfig,
  type TrafficConfig,
  worthwhileDefaults,
} from '../contract/run-config.ts';
import type { StrategyChoice } from '../contract/strategy.ts';
import { absoluteGap } from './gap-length.ts';
import type { Matrix } from './matrix-schema.ts';
import { completeLength } from './run-length.ts';
import type { RawScenario } from './sweep.ts';

export interface ValidScenario {
  readonly raw: RawScenario;
  readonly matrix: Matrix;
}

/**
 * @param valid At least one.
 * @param name Of the run, where the file gives none.
 * @param folder Of the matrix file, which paths in it start from.
 */
export function completeConfig(
  valid: readonly ValidScenario[],
  strategies: readonly StrategyChoice[],
  name: string,
  folder: string,
): RunConfig {
  const { matrix } = valid[0];
  return {
    name: matrix.name ?? name,
    seed: matrix.seed,
    ...completeLength(matrix),
    repeatUnhealthyMax: matrix.repeatUnhealthy,
    worthwhile: { ...worthwhileDefaults, ...matrix.worthwhile },
    generators: matrix.generators,
    warmupMs: matrix.warmup,
    durationMs: matrix.duration,
    strategies,
    reference: matrix.reference ?? strategies[0].label,
    scenarios: valid.map((scenario) => completeScenario(scenario, folder)),
    allowHosts: matrix.allowHosts,
  };
}

function completeScenario({ raw, matrix }: ValidScenario, folder: string): ScenarioConfig {
  const { target, via, request, client } = matrix;
  const { lagAllowance, ...network } = matrix.network;
  return {
    id: raw.id,
    axes: raw.axes,
    target,
    via,
    network,
    traffic: completeTraffic(matrix),
    requests: request,
    // A path names a user's driver, as with strategies.
    client: { ...client, kind: client.kind.includes('/') ? resolve(folder, client.kind) : client.kind },
    lagAllowance,
  };
}

function completeTraffic({ traffic, target, warmup, duration }: Matrix): TrafficConfig {
  if (traffic.kind === 'think-time') {
    const gapMs = absoluteGap(traffic.gap, target.idleTimeoutMs);
    assert(gapMs !== null, 'findProblems() refuses a relative gap without an idle timeout');
    return { kind: 'think-time', clients: traffic.clients, gapMs };
  }
  if (traffic.kind !== 'closed') return traffic;
  const perSecond = 150_000; // more than the fastest generator sends from one core
  const derived = Math.min(5_000_000, Math.ceil(((warmup + duration) / 1_000) * perSecond));
  return { ...traffic, requestsMax: traffic.requestsMax ?? derived };
}
