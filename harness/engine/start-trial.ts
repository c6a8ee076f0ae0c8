/**
 * The processes of a trial, up and waiting: generators, target, what stands between them; and the sampler that
 * watches the target. The chain is client → [wire] → [balancer → [wire]] → target.
 */

import { assert } from '../base/assert.ts';
import type { Child } from '../base/processes/child.ts';
import { pin } from '../base/processes/pin.ts';
import type { RunningBalancer } from '../contract/balancer.ts';
import type { RunningCapture } from '../contract/capture.ts';
import type { Endpoint } from '../contract/client-kind.ts';
import type { ResourceSampler } from '../contract/resources.ts';
import { type RunningTarget, targetPids } from '../contract/target.ts';
import type { RunningWire } from '../contract/wire.ts';
import type { TrialParts, TrialSetup } from './trial-parts.ts';

const samplePeriodMs = 100;

export interface Running {
  /** One for each share of the clients. */
  readonly generators: readonly Child[];
  readonly target: RunningTarget;
  readonly balancer: RunningBalancer | null;
  /** Before what the client talks to. */
  readonly wire: RunningWire | null;
  /** Between balancer and target. */
  readonly upstreamWire: RunningWire | null;
  /** Where the client sends its requests. */
  readonly endpoint: Endpoint;
  /** null: packets are not captured. */
  readonly capture: RunningCapture | null;
  readonly watching: ResourceSampler;
}

/** They come up side by side, as far as one need not know where the other listens. */
export async function startTrial(
  setup: TrialSetup,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<Running> {
  const spawning = Array.from({ length: setup.generators }, () => parts.spawnGenerator(setup.clientKind));
  const starting = startTarget(setup);
  const front = startFront(setup, parts, starting, signal);
  front.catch(() => {}); // told below
  const generators = await Promise.all(spawning);
  const pinned = starting.then(() => pinGenerators(generators, parts));
  const [target, ready] = await Promise.all([starting, front, pinned]);
  signal.throwIfAborted();
  const { host, port, tls } = ready.endpoint;
  const packets = { file: setup.captureFile, host, port, isTls: tls !== null };
  const capture = (await parts.startCapture?.(packets)) ?? null;
  return { generators, target, ...ready, capture, watching: watch(target, parts) };
}

/** What stands before the target, from back to front. */
async function startFront(
  { host, rttMs, upstreamRttMs, via, balancerKind, plan }: TrialSetup,
  parts: TrialParts,
  target: Promise<RunningTarget>,
  signal: AbortSignal,
): Promise<Pick<Running, 'balancer' | 'wire' | 'upstreamWire' | 'endpoint'>> {
  const ofTarget = target.then(({ endpoint }) => endpoint);
  if (via === null) {
    const wire = await startWire(rttMs, host, parts, ofTarget);
    return { balancer: null, wire, upstreamWire: null, endpoint: behind(wire, await ofTarget) };
  }
  assert(balancerKind !== null, 'a balancer without its kind');
  const upstreamWire = await startWire(upstreamRttMs, host, parts, ofTarget);
  const upstream = behind(upstreamWire, await ofTarget);
  signal.throwIfAborted();
  const balancer = await balancerKind.start({
    config: via,
    host,
    upstream,
    requestCount: plan.client.length,
  });
  signal.throwIfAborted();
  const wire = await startWire(rttMs, host, parts, Promise.resolve(balancer.endpoint));
  return { balancer, wire, upstreamWire, endpoint: behind(wire, balancer.endpoint) };
}

function behind(wire: RunningWire | null, endpoint: Endpoint): Endpoint {
  return wire === null ? endpoint : { ...endpoint, host: wire.host, port: wire.port };
}

/**
 * In turn over the generators' cpus. Of a process of our own the main thread alone: V8's own threads on the same cpu
 * would take it from the pacer for ms at a time. They have come up by the time that the target has.
 */
async function pinGenerators(generators: readonly Child[], { pinning }: TrialParts): Promise<void> {
  const cpus = pinning?.generator.split(',') ?? [];
  if (cpus.length === 0) return;
  await Promise.all(
    generators.map(({ pid, isProgram }, index) =>
      pin(pid, cpus[index % cpus.length], isProgram ? 'all' : 'main'),
    ),
  );
}

function watch(target: RunningTarget, { sampleResources }: TrialParts): ResourceSampler {
  const { host, port } = target.endpoint;
  return sampleResources({ pids: targetPids(target), host, port, periodMs: samplePeriodMs });
}

async function startTarget(setup: TrialSetup): Promise<RunningTarget> {
  return setup.targetKind.start({
    config: setup.target,
    policy: setup.identity.policy.server,
    host: setup.host,
    seed: setup.targetSeed,
    requestCount: setup.plan.client.length,
    faults: setup.faults,
  });
}

async function startWire(
  rttMs: number,
  host: string,
  parts: TrialParts,
  target: Promise<Endpoint>,
): Promise<RunningWire | null> {
  if (rttMs === 0) return null;
  const setup = target.then((endpoint) => ({
    listenHost: host,
    listenPort: 0,
    targetHost: endpoint.host,
    targetPort: endpoint.port,
    rttMs,
  }));
  return parts.startWire(setup, { processes: parts.processes, cpus: parts.pinning?.target ?? null });
}
