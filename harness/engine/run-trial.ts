/**
 * One trial, from fresh processes to a `TrialResult`: target, wire, generator, and the watching of
 * what it costs. Every way out ends every process. It decides nothing about strategies and keeps
 * no file but the samples, which the generator writes.
 */
import { spawnSelf } from '../base/child.ts';
import { nsPerMs, systemClock } from '../base/clock.ts';
import { HarnessError } from '../base/errors.ts';
import type { ClientLimits, Endpoint } from '../contract/client-kind.ts';
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
  startWire(setup: WireSetup, options: { cpus: string | null }): Promise<RunningWire>;
  sampleResources(setup: ResourceSetup): ResourceSampler;
  processUsage(pid: number): ProcessUsage;
  readSamples(trialId: string): GeneratorReport;
}

export interface TrialSetup {
  readonly identity: TrialIdentity;
  readonly plan: LoadPlan;
  readonly planFile: string;
  readonly samplesFile: string;
  readonly target: TargetConfig;
  /** Seeds what the target draws; the same for all trials of a round. */
  readonly targetSeed: number;
  readonly rttMs: number;
  readonly clientKind: string;
  readonly limits: ClientLimits;
  /** Loopback address of this trial. */
  readonly host: string;
}

const leadMs = 30;
const samplePeriodMs = 100;

/**
 * @param signal Aborting it ends the trial at once; the promise then rejects with the signal's reason.
 * @throws HarnessError when a process cannot be started. A target that is lost during the load is
 * not thrown: the result says so in its health.
 */
export async function runTrial(
  setup: TrialSetup,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<TrialResult> {
  signal.throwIfAborted();
  const ending: (() => void)[] = [];
  const endAll = () => {
    for (const end of ending.toReversed()) end();
  };
  signal.addEventListener('abort', endAll);
  try {
    return await Promise.race([aborted(signal), conduct(setup, parts, ending)]);
  } finally {
    signal.removeEventListener('abort', endAll);
    endAll();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function conduct(setup: TrialSetup, parts: TrialParts, ending: (() => void)[]): Promise<TrialResult> {
  // Started first and waited for last: the three processes come up side by side.
  const generator = spawnSelf('__generator', { cpus: parts.pinning?.generator ?? null });
  ending.push(() => generator.kill());
  const target = await startTarget(setup, parts);
  ending.push(() => target.kill());
  const wire = await startWire(setup, parts, target.endpoint);
  if (wire !== null) ending.push(() => wire.kill());

  const endpoint = wire === null ? target.endpoint : { ...target.endpoint, host: wire.host, port: wire.port };
  const { planFile, samplesFile, clientKind, limits, identity, plan } = setup;
  const job: GeneratorJob = {
    planFile,
    samplesFile,
    clientKind,
    endpoint,
    policy: identity.policy,
    limits,
    leadMs,
  };
  const { host, port } = target.endpoint;
  const watching = parts.sampleResources({ pid: target.pid, host, port, periodMs: samplePeriodMs });
  ending.push(() => watching.stop());
  const start = await generator.call<GeneratorStart>('start', job);
  const usage = usageSpan(start, target, parts);

  const lost = await Promise.race([
    generator.call<void>('finish', null).then(() => null),
    target.lost.then((reason) => reason),
    (wire?.lost ?? new Promise<never>(() => {})).then((reason) => {
      throw new HarnessError(
        'wire-failed',
        `The wire ended in the middle of trial "${identity.id}": ${reason}.`,
      );
    }),
  ]).catch((error: unknown) => {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError('generator-failed', `Trial "${identity.id}" failed: ${String(error)}.`, {
      cause: error,
    });
  });
  const resources = watching.stop();
  if (lost !== null) return lostTrial(identity, lost, resources);

  await generator.end();
  const span = await usage;
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
  });
}

async function startWire(
  setup: TrialSetup,
  parts: TrialParts,
  endpoint: Endpoint,
): Promise<RunningWire | null> {
  if (setup.rttMs === 0) return null;
  return parts.startWire(
    {
      listenHost: setup.host,
      listenPort: 0,
      targetHost: endpoint.host,
      targetPort: endpoint.port,
      rttMs: setup.rttMs,
    },
    { cpus: parts.pinning?.target ?? null },
  );
}

/** Reads the target's usage at both ends of the measured time. */
async function usageSpan(
  { startNs, warmupNs, endNs }: GeneratorStart,
  target: RunningTarget,
  parts: TrialParts,
): Promise<UsageSpan | null> {
  const { pid } = target;
  const read = async () => (await target.usage()) ?? (pid === null ? null : parts.processUsage(pid));
  try {
    await until(startNs + warmupNs);
    const start = await read();
    await until(startNs + endNs);
    const end = await read();
    return start === null || end === null ? null : { start, end };
  } catch {
    return null; // the target is gone; `lost` tells why
  }
}

function until(atNs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, (atNs - systemClock.nowNs()) / nsPerMs)));
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
