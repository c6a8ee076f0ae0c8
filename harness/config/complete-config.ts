/** Valid scenarios → the one `RunConfig` that everything downstream reads: complete, in ms and bytes. */
import type { RunConfig, ScenarioConfig, TrafficConfig } from '../contract/run-config.ts';
import type { StrategyChoice } from '../contract/strategy.ts';
import type { TargetConfig } from '../contract/target.ts';
import type { Matrix } from './matrix-schema.ts';
import type { RawScenario } from './sweep.ts';

export interface ValidScenario {
  readonly raw: RawScenario;
  readonly matrix: Matrix;
}

/**
 * @param valid At least one.
 * @param name Of the run, where the file gives none.
 */
export function completeConfig(
  valid: readonly ValidScenario[],
  strategies: readonly StrategyChoice[],
  name: string,
): RunConfig {
  const { matrix } = valid[0];
  return {
    name: matrix.name ?? name,
    seed: matrix.seed,
    rounds: matrix.rounds,
    generators: matrix.generators,
    warmupMs: matrix.warmup,
    durationMs: matrix.duration,
    strategies,
    reference: matrix.reference ?? strategies[0].label,
    scenarios: valid.map(completeScenario),
    allowHosts: matrix.allowHosts,
  };
}

function completeScenario({ raw, matrix }: ValidScenario): ScenarioConfig {
  const { client, network, request } = matrix;
  return {
    id: raw.id,
    axes: raw.axes,
    target: completeTarget(matrix.target),
    network: { rttMs: network.rtt },
    traffic: completeTraffic(matrix),
    requests: (Array.isArray(request) ? request : [request]).map(
      ({ weight, method, path, headers, bodyBytes }) => ({
        weight,
        template: { method, path, headers },
        bodyBytes,
      }),
    ),
    client: {
      kind: client.kind,
      connectionsPerClientMax: client.connectionsPerClientMax,
      connectTimeoutMs: client.connectTimeout,
      requestTimeoutMs: client.requestTimeout,
    },
    lagAllowanceMs: network.lagAllowance,
  };
}

function completeTarget(target: Matrix['target']): TargetConfig {
  const { idleTimeout: idleTimeoutMs, insecure } = target;
  if (target.kind === 'url') return { kind: 'url', url: target.url, idleTimeoutMs, insecure };
  const { tls, advertise, service, responseBytes, faults, faultTime: faultMs } = target;
  return {
    kind: 'embedded',
    idleTimeoutMs,
    tls,
    insecure,
    advertise,
    serviceMs: service.time,
    serviceBy: service.by,
    responseBytes,
    faults,
    faultMs,
  };
}

function completeTraffic({ traffic, warmup, duration }: Matrix): TrafficConfig {
  const { clients } = traffic;
  switch (traffic.kind) {
    case 'think-time':
      return { kind: 'think-time', clients, gapMs: traffic.gap };
    case 'poisson':
      return { kind: 'poisson', clients, ratePerSecond: traffic.rate };
    case 'bursts': {
      const { requests: burstRequests, period: periodMs, spread: spreadMs } = traffic;
      return { kind: 'bursts', clients, burstRequests, periodMs, spreadMs };
    }
    case 'heartbeat':
      return { kind: 'heartbeat', clients, periodMs: traffic.period, jitterMs: traffic.jitter };
    case 'closed': {
      const perSecond = 150_000; // more than the fastest generator sends from one core
      const derived = Math.min(5_000_000, Math.ceil(((warmup + duration) / 1_000) * perSecond));
      return { kind: 'closed', clients, requestsMax: traffic.requestsMax ?? derived };
    }
  }
}
