/** Valid scenarios → the one `RunConfig` that everything downstream reads: complete, in ms and bytes. */
import { resolve } from 'node:path';
import { HarnessError } from '../base/errors.ts';
import type { RunConfig, ScenarioConfig, TrafficConfig } from '../contract/run-config.ts';
import type { StrategyChoice } from '../contract/strategy.ts';
import type { TargetConfig } from '../contract/target.ts';
import { isHostAllowed } from './allowed-host.ts';
import type { Matrix } from './matrix-schema.ts';
import type { ValidScenario } from './read-matrix.ts';
import type { Problem } from './source.ts';

export interface Completion {
  /** Name of the run where the file gives none. */
  readonly name: string;
  /** Folder that strategy files are relative to. */
  readonly strategyFolder: string;
  readonly only: string | undefined;
  refuse(problems: readonly Problem[]): void;
}

export function completeConfig(valid: readonly ValidScenario[], completion: Completion): RunConfig {
  const { matrix } = valid[0];
  const choices = matrix.strategies.map((entry) => strategyChoice(entry, completion.strategyFolder));
  const reference = matrix.reference ?? choices[0].label;
  completion.refuse([
    ...labelProblems(choices),
    ...optionProblems(matrix, choices),
    ...(choices.some(({ label }) => label === reference)
      ? []
      : [
          {
            path: ['reference'],
            says: `it must be one of ${choices.map(({ label }) => label).join(', ')}; it is "${reference}"`,
          },
        ]),
    ...valid.flatMap((scenario) => hostProblems(scenario)),
  ]);
  return {
    name: matrix.name ?? completion.name,
    seed: matrix.seed,
    rounds: matrix.rounds,
    warmupMs: matrix.warmup,
    durationMs: matrix.duration,
    strategies: choices,
    reference,
    scenarios: chosen(valid.map(completeScenario), completion.only),
    allowHosts: matrix.allowHosts,
  };
}

function chosen(scenarios: readonly ScenarioConfig[], only: string | undefined): readonly ScenarioConfig[] {
  if (only === undefined) return scenarios;
  const one = scenarios.filter(({ id }) => id === only);
  if (one.length > 0) return one;
  const ids = scenarios.map(({ id }) => id).join(', ');
  throw new HarnessError('usage', `There is no scenario "${only}"; there are: ${ids}.`);
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
  const { tls, advertise, service, responseBytes } = target;
  return {
    kind: 'embedded',
    idleTimeoutMs,
    tls,
    insecure,
    advertise,
    serviceMs: service.time,
    serviceBy: service.by,
    responseBytes,
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

function strategyChoice(entry: Matrix['strategies'][number], folder: string): StrategyChoice {
  const { use, label, options } =
    typeof entry === 'string' ? { use: entry, label: undefined, options: {} } : entry;
  const parts = use.split('+').map((part) => part.trim());
  return {
    label: label ?? parts.map(shortName).join('+'),
    parts: parts.map((part) => ({ use: isPath(part) ? resolve(folder, part) : part, options })),
  };
}

function isPath(part: string): boolean {
  return /^\.{0,2}\//.test(part) || /\.(ts|mts|js|mjs)$/.test(part);
}

/** `./fixes/mine.ts` → `mine`. */
function shortName(part: string): string {
  return isPath(part) ? part.replace(/^.*\//, '').replace(/\.\w+$/, '') : part;
}

function labelProblems(choices: readonly StrategyChoice[]): Problem[] {
  return choices.flatMap(({ label, parts }, index) => {
    const path = ['strategies', index];
    const first = choices.findIndex((other) => other.label === label);
    if (parts.some(({ use }) => use === '')) return [{ path, says: `a name is missing in "${label}"` }];
    return first === index
      ? []
      : [{ path, says: `"${label}" is there twice; give one of them a label of its own` }];
  });
}

/** Options of a combination would go to all its parts: nobody means that. */
function optionProblems({ strategies }: Matrix, choices: readonly StrategyChoice[]): Problem[] {
  return strategies.flatMap((entry, index) => {
    const given = typeof entry === 'string' ? 0 : Object.keys(entry.options).length;
    if (given === 0 || choices[index].parts.length === 1) return [];
    const says = 'options of a combination are not clear; write a file of your own that sets the knobs';
    return [{ path: ['strategies', index, 'options'], says }];
  });
}

function hostProblems({ raw, matrix }: ValidScenario): Problem[] {
  const { target, allowHosts } = matrix;
  if (target.kind !== 'url') return [];
  const { hostname } = new URL(target.url);
  if (isHostAllowed(hostname, allowHosts)) return [];
  const says = `"${hostname}" is not loopback; requests go there only when allowHosts names it`;
  return [{ path: raw.origin(['target', 'url']), says, code: 'host-not-allowed' }];
}
