/**
 * One trial, from fresh processes to a `TrialResult`: target, wire, generator, and the watching of
 * what it costs. Every way out ends every process. It decides nothing about strategies and keeps
 * no file but the samples, which the generator writes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, killChildren, prepareSpares, spawnSelf } from '../base/child.ts';
import { nsPerMs, systemClock } from '../base/clock.ts';
import { HarnessError } from '../base/errors.ts';
import { pin } from '../base/pin.ts';
import type { ClientLimits, Endpoint } from '../contract/client-kind.ts';
import type { FaultScript } from '../contract/fault.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { ResourceSampler, ResourceSetup } from '../contract/resources.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { ProcessUsage, RunningTarget, TargetConfig, TargetKind } from '../contract/target.ts';
import type { TrialIdentity, TrialResult, UsageSpan } from '../contract/trial.ts';
import type { RunningWire, WireSetup } from '../contract/wire.ts';
import type { GeneratorJob, GeneratorStart } from './generator-process.ts';
import { trialHealth } from './health.ts';
import type { Pinning } from './machine.ts';

/** The parts that a trial is put together from; other rooms' work, handed in. */
export interface TrialParts {
  readonly targetKinds: readonly TargetKind[];
  readonly pinning: Pinning | null;
  startWire(setup: Promise<WireSetup>, options: { cpus: string | null }): Promise<RunningWire>;
  sampleResources(setup: ResourceSetup): ResourceSampler;
  processUsage(pid: number): ProcessUsage;
  readSamples(trialId: string): GeneratorReport;
  /** Told when a trial's load is about to begin. */
  onLoad?(identity: TrialIdentity): void;
}

export interface TrialSetup {
  readonly identity: TrialIdentity;
  readonly plan: LoadPlan;
  readonly planFile: string;
  readonly samplesFile: string;
  readonly target: TargetConfig;
  /** Seeds what the target draws; the same for all trials of a round. */
  readonly targetSeed: number;
  /** null: the target commits no faults. */
  readonly faults: FaultScript | null;
  readonly rttMs: number;
  readonly clientKind: string;
  readonly limits: ClientLimits;
  /** Loopback address of this trial. */
  readonly host: string;
}

const leadMs = 30;
/** A young generation that fills less often: at 10,000 requests a second each scavenge makes some 10 late. */
const generatorNodeOptions = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
const samplePeriodMs = 100;

/**
 * Runs one trial after the other and yields each result. What is not measured overlaps: runtimes of the next
 * trial's processes start in a trial's warm-up, and come up while its books are gathered.
 *
 * @param signal Aborting it ends the trial at once; the next result then rejects with the signal's reason.
 * @throws HarnessError when a process cannot be started. A target that is lost during the load is
 * not thrown: the result says so in its health.
 */
export async function* runTrials(
  setups: readonly TrialSetup[],
  parts: TrialParts,
  signal: AbortSignal,
): AsyncGenerator<TrialResult> {
  signal.throwIfAborted();
  // All children of this process are these trials': none may outlive them.
  signal.addEventListener('abort', killChildren);
  const stopped = aborted(signal);
  const orStopped = <Value>(promise: Promise<Value>) => Promise.race([stopped, promise]);
  try {
    let ended: { setup: TrialSetup; load: EndedLoad } | null = null;
    for (const [index, setup] of setups.entries()) {
      const starting = quietly(start(setup, parts, signal));
      if (ended !== null) yield await orStopped(gather(ended.setup, parts, ended.load));
      const running = await orStopped(starting);
      parts.onLoad?.(setup.identity);
      const load = await orStopped(run(setup, parts, running, index + 1 < setups.length, signal));
      ended = { setup, load };
    }
    if (ended !== null) yield await orStopped(gather(ended.setup, parts, ended.load));
  } finally {
    signal.removeEventListener('abort', killChildren);
    killChildren();
  }
}

/** The same for a single one. */
export async function runTrial(
  setup: TrialSetup,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<TrialResult> {
  for await (const result of runTrials([setup], parts, signal)) return result;
  throw new Error('a trial ended without a result');
}

/** Whoever waits for it learns of its failure; meanwhile it is not an unhandled one. */
function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

function aborted(signal: AbortSignal): Promise<never> {
  return quietly(
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
  );
}

interface Running {
  readonly generator: Child;
  readonly target: RunningTarget;
  readonly wire: RunningWire | null;
  readonly watching: ResourceSampler;
}

interface EndedLoad extends Running {
  /** Why the target was lost; null: it was not. */
  readonly lost: string | null;
  readonly usage: Promise<UsageSpan | null>;
}

/** The three processes come up side by side. */
async function start(setup: TrialSetup, parts: TrialParts, signal: AbortSignal): Promise<Running> {
  const generator = spawnSelf('__generator', { nodeOptions: generatorNodeOptions });
  const starting = startTarget(setup, parts);
  // The main thread alone: V8's own threads on the same cpu would take it from the pacer for ms at a time. They
  // have come up by the time that the target has.
  const pinned = starting.then(() => pin(generator.pid, parts.pinning?.generator ?? null, 'main'));
  const [target, wire] = await Promise.all([starting, startWire(setup, parts, starting), pinned]);
  signal.throwIfAborted();
  return { generator, target, wire, watching: watch(target, parts) };
}

/** Runs the plan against what is running. */
async function run(
  setup: TrialSetup,
  parts: TrialParts,
  running: Running,
  isAnotherComing: boolean,
  signal: AbortSignal,
): Promise<EndedLoad> {
  const { generator, target, wire, watching } = running;
  try {
    const started = await generator.call<GeneratorStart>('start', jobOf(setup, target.endpoint, wire));
    // In the lead and the warm-up; what is measured begins when the spares have come up and wait.
    if (isAnotherComing) prepareSpares();
    // This process reads resources ten times a second. Children inherit its cpus, so only for the load.
    const moved = pin(process.pid, parts.pinning?.target ?? null, 'main');
    const usage = usageSpan(started, target, parts, signal);
    const lost = await untilFinished(setup.identity, generator, target, wire);
    await moved;
    await pin(process.pid, parts.pinning?.all ?? null, 'main');
    return { ...running, lost, usage };
  } catch (error) {
    watching.stop();
    throw error;
  }
}

/** Gathers what everybody wrote down, and ends them. */
async function gather(
  { identity, plan }: TrialSetup,
  parts: TrialParts,
  { generator, target, wire, watching, lost, usage }: EndedLoad,
): Promise<TrialResult> {
  const generatorGone = generator.end();
  const resources = watching.stop();
  if (lost !== null) return lostTrial(identity, lost, resources);
  const [span] = await Promise.all([usage, generatorGone]);
  const [targetReport, wireReport] = await Promise.all([target.stop(), wire?.stop() ?? null]);
  const report = parts.readSamples(identity.id);
  return {
    identity,
    generator: report,
    target: targetReport,
    wire: wireReport,
    resources,
    usage: span,
    health: trialHealth(plan, report, targetReport),
  };
}

/** Resolves with null when the generator is done, with the reason when the target was lost before. */
async function untilFinished(
  { id }: TrialIdentity,
  generator: Child,
  target: RunningTarget,
  wire: RunningWire | null,
): Promise<string | null> {
  const never = new Promise<never>(() => {});
  try {
    return await Promise.race([
      generator.call<void>('finish', null).then(() => null),
      target.lost,
      (wire?.lost ?? never).then((reason) => {
        throw new HarnessError('wire-failed', `The wire ended in the middle of trial "${id}": ${reason}.`);
      }),
    ]);
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError('generator-failed', `Trial "${id}" failed: ${String(error)}.`, { cause: error });
  }
}

function jobOf(setup: TrialSetup, endpoint: Endpoint, wire: RunningWire | null): GeneratorJob {
  const { planFile, samplesFile, clientKind, limits, identity } = setup;
  return {
    planFile,
    samplesFile,
    clientKind,
    limits,
    endpoint: wire === null ? endpoint : { ...endpoint, host: wire.host, port: wire.port },
    policy: identity.policy,
    leadMs,
  };
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

/** Reads the target's usage at both ends of the measured time. */
async function usageSpan(
  { startNs, warmupNs, endNs }: GeneratorStart,
  target: RunningTarget,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<UsageSpan | null> {
  const { pid } = target;
  const until = (atNs: number) =>
    sleep(Math.max(0, (atNs - systemClock.nowNs()) / nsPerMs), undefined, { signal });
  const read = async () => (await target.usage()) ?? (pid === null ? null : parts.processUsage(pid));
  try {
    await until(startNs + warmupNs);
    const start = await read();
    await until(startNs + endNs);
    const end = await read();
    return start === null || end === null ? null : { start, end };
  } catch {
    return null; // the target is gone or the trial is aborted; others tell why
  }
}

function lostTrial(
  identity: TrialIdentity,
  reason: string,
  resources: TrialResult['resources'],
): TrialResult {
  return {
    identity,
    generator: null,
    target: null,
    wire: null,
    resources,
    usage: null,
    health: { ok: false, reasons: [`the target was lost: ${reason}`], laws: [] },
  };
}
