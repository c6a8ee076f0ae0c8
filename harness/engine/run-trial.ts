/**
 * Trials, one after the other, each from fresh processes to a `TrialResult`: target, wire, generator,
 * and the watching of what it costs. Every way out ends every process. It decides nothing about
 * strategies and keeps no file but the samples, which the generator writes.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../base/errors.ts';
import { pin } from '../base/processes/pin.ts';
import { systemClock } from '../base/time/clock.ts';
import { nsPerMs } from '../base/units.ts';
import type { RunningBalancer } from '../contract/balancer.ts';
import { generatorRefusals, type PrepareAnswer } from '../contract/carries.ts';
import type { Endpoint, GeneratorJob } from '../contract/client-kind.ts';
import type { TrialIdentity, TrialResult } from '../contract/trial.ts';
import type { RunningWire } from '../contract/wire.ts';
import { partFile } from './collect-samples.ts';
import { processesOf, watchFromOutside } from './gather-pulses.ts';
import { type EndedLoad, gather } from './gather-trial.ts';
import { measuredSpan } from './measured-span.ts';
import { type Running, startTrial } from './start-trial.ts';
import type { TrialParts, TrialSetup } from './trial-parts.ts';

const leadMs = 30;
/** What a generator may take beyond the plan and its last request: giving up late rows, closing, writing. */
const overdueMs = 15_000;

/**
 * Runs one trial after the other and yields each result. What is not measured overlaps: runtimes of the next
 * trial's processes start in a trial's warm-up, and come up while its books are gathered.
 *
 * @param setups Each is taken when the load of the one before has ended and its result is not known yet.
 * @param signal Aborting it ends the trial at once; the next result then rejects with the signal's reason.
 * @throws HarnessError when a process cannot be started. A target that is lost during the load is
 * not thrown: the result says so in its health.
 */
export async function* runTrials(
  setups: Iterable<TrialSetup>,
  parts: TrialParts,
  signal: AbortSignal,
): AsyncGenerator<TrialResult> {
  signal.throwIfAborted();
  // The parts run processes only for these trials, so all of them must end with the trials.
  const killAll = () => parts.processes.killAll();
  signal.addEventListener('abort', killAll);
  const stopped = aborted(signal);
  const orStopped = <Value>(promise: Promise<Value>) => Promise.race([stopped, promise]);
  let ended: { setup: TrialSetup; load: EndedLoad } | null = null;
  let starting: Promise<Running> | null = null;
  try {
    for (const setup of setups) {
      starting = quietly(startTrial(setup, parts, signal));
      if (ended !== null) yield await orStopped(gather(ended.setup, ended.load));
      const running = await orStopped(starting);
      starting = null;
      parts.onLoad?.(setup.identity, processesOf(running));
      const load = await orStopped(run(setup, parts, running, signal));
      ended = { setup, load };
    }
    if (ended !== null) yield await orStopped(gather(ended.setup, ended.load));
    // Nothing is coming up any more. What would end it below could hit the first trial of another call.
    starting = null;
  } finally {
    signal.removeEventListener('abort', killAll);
    killAll();
    ended?.load.watching.stop();
    // What was still coming up may come up all the same, or start one more process before it learns that it may not.
    // Only then: the caller may start other trials as soon as these have ended, and their processes must not be killed.
    starting
      ?.then(({ watching }) => watching.stop())
      .catch(() => {})
      .finally(killAll);
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

/** Runs the plan against what is running. */
async function run(
  setup: TrialSetup,
  parts: TrialParts,
  running: Running,
  signal: AbortSignal,
): Promise<EndedLoad> {
  const { generators, endpoint, watching } = running;
  try {
    const jobs = generators.map((_, index) => jobOf(setup, index, endpoint));
    for (const answer of await Promise.all(
      generators.map((generator, index) => generator.call<PrepareAnswer>('prepare', jobs[index])),
    )) {
      refuseUncarried(answer, setup);
    }
    const startNs = systemClock.nowNs() + leadMs * nsPerMs;
    await Promise.all(generators.map((generator) => generator.call('start', startNs)));
    // In the lead and the warm-up; what is measured begins when the spares have come up and wait.
    // The last trial has them too, so that it runs under the same conditions as every other.
    parts.processes.prepareSpares();
    // This process reads resources ten times a second. Children inherit its cpus, so only for the load.
    const moved = pin(process.pid, parts.pinning?.target ?? null, 'main');
    const usage = measuredSpan(setup.plan, startNs, running, parts, signal);
    const pulseWatch = watchFromOutside(running, parts);
    const lost = await untilFinished(setup, running).finally(() => pulseWatch.stop());
    await moved;
    await pin(process.pid, parts.pinning?.all ?? null, 'main');
    const measured = { fromNs: startNs + setup.plan.warmupNs, toNs: startNs + setup.plan.endNs };
    return { ...running, lost, usage, measured, pulseWatch };
  } catch (error) {
    watching.stop();
    throw generatorFault(setup.identity, error);
  }
}

/** Resolves with null when the generator is done, with the reason when the target was lost before. */
async function untilFinished(
  { identity: { id }, plan, limits }: TrialSetup,
  { generators, target, balancer, wire, upstreamWire }: Running,
): Promise<string | null> {
  const lossOf = (process: RunningWire | RunningBalancer | null) =>
    process?.lost ?? new Promise<never>(() => {});
  const overdue = new AbortController();
  const mostMs = plan.endNs / nsPerMs + limits.requestTimeoutMs + overdueMs;
  try {
    return await Promise.race([
      Promise.all(generators.map((generator) => generator.call<void>('finish', null))).then(() => null),
      // A driver may be anybody's, and may never answer.
      sleep(mostMs, undefined, { signal: overdue.signal }).then(() => {
        throw new HarnessError(
          'generator-failed',
          `Trial "${id}" failed: the generator did not finish within ${Math.round(mostMs)} ms.`,
        );
      }),
      target.lost,
      lossOf(balancer),
      Promise.race([lossOf(wire), lossOf(upstreamWire)]).then((reason) => {
        throw new HarnessError('wire-failed', `The wire ended in the middle of trial "${id}": ${reason}.`);
      }),
    ]);
  } catch (error) {
    throw generatorFault({ id }, error);
  } finally {
    overdue.abort();
  }
}

/** @throws HarnessError `strategy-refused` for a knob that a driver refuses or does not name. */
function refuseUncarried(answer: PrepareAnswer | undefined, { identity, clientKind }: TrialSetup): void {
  const refusals = generatorRefusals(answer, identity.policy);
  if (refusals.length === 0) return;
  throw new HarnessError(
    'strategy-refused',
    `Strategy "${identity.strategyLabel}" cannot be carried out: client "${clientKind}": ${refusals.join('; ')}`,
  );
}

/** What a generator did not expect to happen to it, or a driver does not know how to do. */
function generatorFault({ id }: Pick<TrialIdentity, 'id'>, error: unknown): unknown {
  if (error instanceof HarnessError || (error instanceof Error && error.name === 'AbortError')) return error;
  return new HarnessError('generator-failed', `Trial "${id}" failed: ${String(error)}.`, { cause: error });
}

function jobOf(setup: TrialSetup, index: number, endpoint: Endpoint): GeneratorJob {
  const { planFile, clientKind, limits, settings, identity } = setup;
  return {
    planFile,
    samplesFile: partFile(setup, index),
    clientKind,
    limits,
    settings,
    endpoint,
    policy: identity.policy,
    share: { index, count: setup.generators },
  };
}
