/** Valid scenarios → the one `RunConfig` that everything downstream reads: complete, in ms and bytes. */
import { resolve } from 'node:path';
import { assert } from '../base/assert.ts';
import type { BalancerConfig } from '../contract/balancer.ts';
import {
  type RunConfig,
  type ScenarioConfig,
  type TrafficConfig,
  worthwhileDefaults,
} from '../contract/run-config.ts';
import type { StrategyChoice } from '../contract/strategy.ts';
import type { TargetConfig } from '../contract/target.ts';
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
  const { client, network, request } = matrix;
  return {
    id: raw.id,
    axes: raw.axes,
    target: completeTarget(matrix.target),
    via: completeVia(matrix.via),
    network: { rttMs: network.rtt, upstreamRttMs: network.upstreamRtt },
    traffic: completeTraffic(matrix),
    requests: (Array.isArray(request) ? request : [request]).map(
      ({ weight, method, path, headers, bodyBytes }) => ({
        weight,
        template: { method, path, headers },
        bodyBytes,
      }),
    ),
    client: {
      // A driver of one's own is named by its path, as a strategy is.
      kind: client.kind.includes('/') ? resolve(folder, client.kind) : client.kind,
      settings: client.settings,
      connectionsPerClientMax: client.connectionsPerClientMax,
      connectTimeoutMs: client.connectTimeout,
      requestTimeoutMs: client.requestTimeout,
    },
    lagAllowance: network.lagAllowance,
  };
}

function completeTarget(target: Matrix['target']): TargetConfig {
  const { idleTimeout: idleTimeoutMs } = target;
  switch (target.kind) {
    case 'embedded': {
      const { tls, insecure, service, responseBytes, faults, faultTime: faultMs } = target;
      return {
        kind: 'embedded',
        idleTimeoutMs,
        idleJitterMs: target.idleJitter,
        tls,
        insecure,
        advertise: completeAdvertise(target.advertise),
        serviceMs: service.time,
        serviceBy: service.by,
        responseBytes,
        faults,
        faultMs,
      };
    }
    case 'go': {
      const { idleTimeoutBy, service, responseBytes, faults, faultTime: faultMs } = target;
      const serviceMs = service.time;
      return { kind: 'go', idleTimeoutMs, idleTimeoutBy, serviceMs, responseBytes, faults, faultMs };
    }
    case 'nginx': {
      const { requestsPerConnectionMax, responseBytes } = target;
      return { kind: 'nginx', idleTimeoutMs, requestsPerConnectionMax, responseBytes };
    }
    case 'command':
      return {
        kind: 'command',
        command: target.command,
        idleTimeoutMs,
        readyWithinMs: target.readyWithin,
      };
    case 'url': {
      const { url, insecure, pid, metrics: metricsUrl } = target;
      return { kind: 'url', url, idleTimeoutMs, insecure, pid, metricsUrl };
    }
  }
}

function completeAdvertise(advertise: boolean | number): 'idle-timeout' | number | null {
  if (advertise === true) return 'idle-timeout';
  return advertise === false ? null : advertise;
}

function completeVia(via: Matrix['via']): BalancerConfig | null {
  if (via === null) return null;
  const { clientIdleTimeout: clientIdleTimeoutMs, upstreamConnectionsMax } = via;
  switch (via.kind) {
    case 'nginx': {
      const { upstreamIdleTimeout: upstreamIdleTimeoutMs, upstreamRequestsMax, nextUpstream } = via;
      return {
        kind: 'nginx',
        clientIdleTimeoutMs,
        upstreamIdleTimeoutMs,
        upstreamConnectionsMax,
        upstreamRequestsMax,
        nextUpstream,
      };
    }
    case 'haproxy': {
      const { httpReuse, retryOn, retriesMax, poolPurgeDelay: poolPurgeDelayMs } = via;
      return {
        kind: 'haproxy',
        clientIdleTimeoutMs,
        httpReuse,
        retryOn,
        retriesMax,
        upstreamConnectionsMax,
        poolPurgeDelayMs,
      };
    }
  }
}

function completeTraffic({ traffic, target, warmup, duration }: Matrix): TrafficConfig {
  const { clients } = traffic;
  switch (traffic.kind) {
    case 'think-time': {
      const gapMs = absoluteGap(traffic.gap, target.idleTimeout);
      assert(gapMs !== null, 'findProblems() refuses a relative gap without an idle timeout');
      return { kind: 'think-time', clients, gapMs };
    }
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
