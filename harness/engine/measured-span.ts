/** What is read at the two ends of a trial's measured time, and at no moment between. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../base/time/clock.ts';
import { nsPerMs } from '../base/units.ts';
import type { MachineSpan } from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { cpuMsOf, type RunningTarget, targetPids } from '../contract/target.ts';
import type { UsageSpan } from '../contract/trial.ts';
import type { RunningWire } from '../contract/wire.ts';
import type { TrialParts } from './trial-parts.ts';

export interface MeasuredSpan {
  readonly usage: UsageSpan | null;
  readonly machine: MachineSpan | null;
  /** Of the busiest wire, in cores; null: there is none, or the OS does not tell. */
  readonly wireCpuShare: number | null;
}

const unmeasured: MeasuredSpan = { usage: null, machine: null, wireCpuShare: null };

interface MeasuredProcesses {
  readonly target: RunningTarget;
  readonly wire: RunningWire | null;
  readonly upstreamWire: RunningWire | null;
}

/** Reads the target's usage and the machine's counters at both ends of the measured time. */
export async function measuredSpan(
  { warmupNs, endNs }: LoadPlan,
  startNs: number,
  { target, wire, upstreamWire }: MeasuredProcesses,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<MeasuredSpan> {
  const { pid, threads = 'main' } = target;
  const pids = targetPids(target);
  const until = (atNs: number) =>
    sleep(Math.max(0, (atNs - systemClock.nowNs()) / nsPerMs), undefined, { signal });
  const wires = [wire, upstreamWire].filter((one) => one !== null);
  const readWires = () => wires.map((one) => cpuMsOf(parts.processUsage([one.pid])));
  const read = async () => (await target.usage()) ?? (pids.length === 0 ? null : parts.processUsage(pids));
  try {
    await until(startNs + warmupNs);
    const machineStart = parts.machineReading(pid, threads);
    const wiresStart = readWires();
    const start = await read();
    await until(startNs + endNs);
    const wiresEnd = readWires();
    const end = await read();
    const machine = { start: machineStart, end: parts.machineReading(pid, threads) };
    const shares = wiresEnd
      .map((cpuMs, index) => shareOf(wiresStart[index], cpuMs, machine))
      .filter((share) => share !== null);
    return {
      usage: start === null || end === null ? null : { start, end },
      machine,
      wireCpuShare: shares.length === 0 ? null : Math.max(...shares),
    };
  } catch {
    return unmeasured; // the target is gone or the trial is aborted; others tell why
  }
}

function shareOf(fromMs: number | null, toMs: number | null, { start, end }: MachineSpan): number | null {
  return fromMs === null || toMs === null ? null : (toMs - fromMs) / (end.atMs - start.atMs);
}
