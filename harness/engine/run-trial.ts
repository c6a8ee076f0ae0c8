/**
 * One trial, from fresh processes to a `TrialResult`: target, wire, generator, and the watching of
 * what it costs. Every way out ends every process. It decides nothing about strategies and keeps
 * no file but the samples, which the generator writes.
 */

import type { Child } from '../base/child.ts';
import { killChildren, prepareSpares } from '../base/child.ts';
import { nsPerMs, systemClock } from '../base/clock.ts';
import { HarnessError } from '../base/errors.ts';
import { pin } from '../base/pin.ts';
import type { Endpoint } from '../contract/client-kind.ts';
import { noReadings } from '../contract/health.ts';
import type { RunningTarget } from '../contract/target.ts';
import type { TrialIdentity, TrialResult } from '../contract/trial.ts';
import type { RunningWire } from '../contract/wire.ts';
import { collectSamples, partFile } from './collect-samples.ts';
import type { GeneratorJob } from './generator-process.ts';
import { trialHealth } from './health.ts';
import { type MeasuredSpan, measuredSpan } from './measured-span.ts';
import { type Running, startTrial } from './start-trial.ts';
import type { TrialParts, TrialSetup } from './trial-parts.ts';

const leadMs = 30;

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
      const starting = quietly(startTrial(setup, parts, signal));
      if (ended !== null) yield await orStopped(gather(ended.setup, ended.load));
      const running = await orStopped(starting);
      parts.onLoad?.(setup.identity);
      const load = await orStopped(run(setup, parts, running, index + 1 < setups.length, signal));
      ended = { setup, load };
    }
    if (ended !== null) yield await orStopped(gather(ended.setup, ended.load));
  } finally {
    signal.removeEventListener('abort', killChildren);
    killChildren();
  }
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

interface EndedLoad extends Running {
  /** Why the target was lost; null: it was not. */
  readonly lost: string | null;
  readonly usage: Promise<MeasuredSpan>;
}

/** Runs the plan against what is running. */
async function run(
  setup: TrialSetup,
  parts: TrialParts,
  running: Running,
  isAnotherComing: boolean,
  signal: AbortSignal,
): Promise<EndedLoad> {
  const { generators, target, wire, watching } = running;
  try {
    const jobs = generators.map((_, index) => jobOf(setup, index, target.endpoint, wire));
    await Promise.all(generators.map((generator, index) => generator.call('prepare', jobs[index])));
    const startNs = systemClock.nowNs() + leadMs * nsPerMs;
    await Promise.all(generators.map((generator) => generator.call('start', startNs)));
    // In the lead and the warm-up; what is measured begins when the spares have come up and wait.
    if (isAnotherComing) prepareSpares();
    // This process reads resources ten times a second. Children inherit its cpus, so only for the load.
    const moved = pin(process.pid, parts.pinning?.target ?? null, 'main');
    const usage = measuredSpan(setup.plan, startNs, target, parts, signal);
    const lost = await untilFinished(setup.identity, generators, target, wire);
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
  setup: TrialSetup,
  { generators, target, wire, watching, lost, usage }: EndedLoad,
): Promise<TrialResult> {
  const { identity, plan } = setup;
  const generatorsGone = Promise.all(generators.map((generator) => generator.end()));
  const resources = watching.stop();
  if (lost !== null) return lostTrial(identity, lost, resources);
  const [span] = await Promise.all([usage, generatorsGone]);
  let books: [Awaited<ReturnType<RunningTarget['stop']>>, Awaited<ReturnType<RunningWire['stop']>> | null];
  try {
    books = await Promise.all([target.stop(), wire?.stop() ?? null]);
  } catch (error) {
    // It ended between the load and the question: without its books nothing can be checked.
    return lostTrial(identity, error instanceof Error ? error.message : String(error), resources);
  }
  const [targetReport, wireReport] = books;
  const report = collectSamples(setup);
  return {
    identity,
    generator: report,
    target: targetReport,
    wire: wireReport,
    resources,
    usage: span.usage,
    health: trialHealth(plan, report, targetReport, span.machine),
  };
}

/** Resolves with null when the generator is done, with the reason when the target was lost before. */
async function untilFinished(
  { id }: TrialIdentity,
  generators: readonly Child[],
  target: RunningTarget,
  wire: RunningWire | null,
): Promise<string | null> {
  const never = new Promise<never>(() => {});
  try {
    return await Promise.race([
      Promise.all(generators.map((generator) => generator.call<void>('finish', null))).then(() => null),
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

function jobOf(setup: TrialSetup, index: number, endpoint: Endpoint, wire: RunningWire | null): GeneratorJob {
  const { planFile, clientKind, limits, identity } = setup;
  return {
    planFile,
    samplesFile: partFile(setup, index),
    clientKind,
    limits,
    endpoint: wire === null ? endpoint : { ...endpoint, host: wire.host, port: wire.port },
    policy: identity.policy,
    share: { index, count: setup.generators },
  };
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
    health: { ok: false, reasons: [`the target was lost: ${reason}`], laws: [], readings: noReadings },
  };
}
