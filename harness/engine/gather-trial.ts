/**
 * The end of a trial: gathers the records of every process, ends them all, and judges the trial's health.
 * The wait for each process is limited, so a process that no longer answers, for example because it is
 * stopped, does not keep the run from ending.
 */
import { HarnessError, reasonOf } from '../base/errors.ts';
import { healthScale, noReadings } from '../contract/health.ts';
import type { PulseWatch } from '../contract/pulse.ts';
import type { TrialIdentity, TrialResult } from '../contract/trial.ts';
import type { WireReport, WireSpan } from '../contract/wire.ts';
import { answered } from './answered.ts';
import { collectSamples } from './collect-samples.ts';
import { gatherPulses } from './gather-pulses.ts';
import { trialHealth } from './health.ts';
import type { MeasuredSpan } from './measured-span.ts';
import type { PartPulse } from './stall-figures.ts';
import type { Running } from './start-trial.ts';
import type { TrialSetup } from './trial-parts.ts';

export interface EndedLoad extends Running {
  /** Why the target was lost; null: it was not. */
  readonly lost: string | null;
  readonly usage: Promise<MeasuredSpan>;
  readonly measured: WireSpan;
  /** Of the processes that do not look at themselves. */
  readonly pulseWatch: PulseWatch;
}

type Books = Pick<TrialResult, 'target' | 'wire' | 'balancer'> & {
  /** Of every wire. */
  readonly wires: readonly WireReport[];
  readonly span: MeasuredSpan;
  readonly pulses: readonly PartPulse[];
};

/** @throws HarnessError `wire-failed` or `generator-failed` when one of them does not answer. */
export async function gather(setup: TrialSetup, load: EndedLoad): Promise<TrialResult> {
  const { identity, plan, limits, rttMs, upstreamRttMs, via } = setup;
  const { lost } = load;
  const resources = load.watching.stop();
  const asking = lost === null ? gatherPulses(load, load.pulseWatch) : Promise.resolve([]);
  const generatorsGone = Promise.allSettled([asking]).then(() =>
    Promise.all(load.generators.map((generator) => generator.end())),
  );
  const capture = await generatorsGone.then(() => load.capture?.stop() ?? null);
  if (lost !== null) return lostTrial(identity, lost, resources);
  let books: Books;
  try {
    books = await booksOf(load, await asking);
  } catch (error) {
    if (error instanceof HarnessError && isOfHarness(error)) throw error;
    // It ended between the load and the question: without its books nothing can be checked.
    return lostTrial(identity, reasonOf(error), resources);
  }
  const { target, wire, balancer, span } = books;
  const generator = collectSamples(setup);
  const scale = healthScale({ rttMs, upstreamRttMs }, via !== null, limits.requestTimeoutMs);
  const health = trialHealth(plan, generator, { target, balancer, capture }, books, scale);
  return { identity, generator, target, wire, balancer, capture, resources, usage: span.usage, health };
}

async function booksOf(
  { target, balancer, wire, upstreamWire, usage, measured }: EndedLoad,
  pulses: readonly PartPulse[],
): Promise<Books> {
  const span = await answered('target', usage);
  // From front to back: what a balancer still has under way, it must be able to end.
  const wireReport = wire === null ? null : await answered('wire', wire.stop(measured));
  const balancerReport = balancer === null ? null : await answered('balancer', balancer.stop());
  const upstreamReport = upstreamWire === null ? null : await answered('wire', upstreamWire.stop(measured));
  return {
    target: await answered('target', target.stop()),
    wire: wireReport,
    balancer: balancerReport,
    wires: [wireReport, upstreamReport].filter((one) => one !== null),
    span,
    pulses,
  };
}

/** Not the target's doing, so it ends the run and not only the trial. */
function isOfHarness({ code }: HarnessError): boolean {
  return code === 'wire-failed' || code === 'generator-failed';
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
    balancer: null,
    capture: null,
    resources,
    usage: null,
    health: { ok: false, reasons: [`the target was lost: ${reason}`], laws: [], readings: noReadings },
  };
}
