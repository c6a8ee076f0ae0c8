/** The three processes of a trial, up and waiting: generator, target, wire; and the sampler that watches the target. */
import { type Child, spawnSelf } from '../base/child.ts';
import { HarnessError } from '../base/errors.ts';
import { pin } from '../base/pin.ts';
import type { ResourceSampler } from '../contract/resources.ts';
import type { RunningTarget } from '../contract/target.ts';
import type { RunningWire } from '../contract/wire.ts';
import type { TrialParts, TrialSetup } from './trial-parts.ts';

/** A young generation that fills less often: at 10,000 requests a second each scavenge makes some 10 late. */
const generatorNodeOptions = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
const samplePeriodMs = 100;

export interface Running {
  /** One for each share of the clients. */
  readonly generators: readonly Child[];
  readonly target: RunningTarget;
  readonly wire: RunningWire | null;
  readonly watching: ResourceSampler;
}

/** The three processes come up side by side. */
export async function startTrial(
  setup: TrialSetup,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<Running> {
  const generators = Array.from({ length: setup.generators }, () =>
    spawnSelf('__generator', { nodeOptions: generatorNodeOptions }),
  );
  const starting = startTarget(setup, parts);
  // The main thread alone: V8's own threads on the same cpu would take it from the pacer for ms at a time. They
  // have come up by the time that the target has.
  const pinned = starting.then(() => pinGenerators(generators, parts));
  const [target, wire] = await Promise.all([starting, startWire(setup, parts, starting), pinned]);
  signal.throwIfAborted();
  return { generators, target, wire, watching: watch(target, parts) };
}

/** In turn over the generators' cpus. */
async function pinGenerators(generators: readonly Child[], { pinning }: TrialParts): Promise<void> {
  const cpus = pinning?.generator.split(',') ?? [];
  if (cpus.length === 0) return;
  await Promise.all(generators.map(({ pid }, index) => pin(pid, cpus[index % cpus.length], 'main')));
}

function watch(target: RunningTarget, { sampleResources }: TrialParts): ResourceSampler {
  const { host, port } = target.endpoint;
  return sampleResources({ pid: target.pid, host, port, periodMs: samplePeriodMs });
}

async function startTarget(setup: TrialSetup, parts: TrialParts): Promise<RunningTarget> {
  const kind = parts.targetKinds.find(({ id }) => id === setup.target.kind);
  if (kind === undefined)
    throw new HarnessError('target-start-failed', `No target kind "${setup.target.kind}".`);
  return kind.start({
    config: setup.target,
    policy: setup.identity.policy.server,
    host: setup.host,
    seed: setup.targetSeed,
    requestCount: setup.plan.client.length,
    faults: setup.faults,
  });
}

async function startWire(
  { rttMs, host }: TrialSetup,
  parts: TrialParts,
  target: Promise<RunningTarget>,
): Promise<RunningWire | null> {
  if (rttMs === 0) return null;
  const setup = target.then(({ endpoint }) => ({
    listenHost: host,
    listenPort: 0,
    targetHost: endpoint.host,
    targetPort: endpoint.port,
    rttMs,
  }));
  return parts.startWire(setup, { cpus: parts.pinning?.target ?? null });
}
