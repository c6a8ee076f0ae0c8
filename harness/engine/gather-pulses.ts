/**
 * Gathers the pulses of a trial's processes, as far as they belong to the harness. Our processes measure
 * themselves, and their pulses are requested; the others are watched from outside while the load runs.
 */
import type { Pulse, PulseWatch } from '../contract/pulse.ts';
import { answered } from './answered.ts';
import type { HealthPart, PartPulse } from './stall-figures.ts';
import type { Running } from './start-trial.ts';
import type { TrialParts, TrialProcesses } from './trial-parts.ts';

type Processes = Pick<Running, 'generators' | 'target' | 'balancer' | 'wire' | 'upstreamWire'>;

export function processesOf({ generators, target, balancer, wire, upstreamWire }: Processes): TrialProcesses {
  return {
    generators: generators.map(({ pid }) => pid),
    target: target.pid,
    balancer: balancer?.pid ?? null,
    wires: [wire, upstreamWire].filter((one) => one !== null).map(({ pid }) => pid),
  };
}

/** Watches those that cannot look at themselves, until it is stopped. */
export function watchFromOutside(running: Processes, parts: TrialParts): PulseWatch {
  return parts.watchPulse(foreignParts(running).map(({ pid }) => pid));
}

/** @param watch Of the processes that were watched from outside. */
export async function gatherPulses(running: Processes, watch: PulseWatch): Promise<readonly PartPulse[]> {
  const { generators, target, wire, upstreamWire } = running;
  const asked: { readonly part: HealthPart; readonly ask: () => Promise<Pulse> }[] = [];
  for (const generator of generators) {
    if (!generator.isProgram) asked.push({ part: 'generator', ask: () => generator.call('pulse', null) });
  }
  for (const one of [wire, upstreamWire]) if (one !== null) asked.push({ part: 'wire', ask: one.pulse });
  const { pulse } = target;
  if (typeof pulse === 'function') asked.push({ part: 'target', ask: pulse });
  const own = await Promise.all(
    asked.map(async ({ part, ask }) => ({ part, pulse: await answered(part, ask()) })),
  );
  const watched = watch.stop();
  const foreign = foreignParts(running).map(({ part }, index) => ({ part, pulse: watched[index] }));
  return [...own, ...foreign.filter((one): one is PartPulse => one.pulse !== null)];
}

function foreignParts({ generators, target, balancer }: Processes): { part: HealthPart; pid: number }[] {
  const all: { part: HealthPart; pid: number }[] = [];
  for (const { isProgram, pid } of generators) if (isProgram) all.push({ part: 'generator', pid });
  if (balancer !== null) all.push({ part: 'balancer', pid: balancer.pid });
  if (target.pulse === 'from-outside' && target.pid !== null) all.push({ part: 'target', pid: target.pid });
  return all;
}
