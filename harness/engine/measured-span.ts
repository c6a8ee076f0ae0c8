/** What is read at the two ends of a trial's measured time, and at no moment between. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nsPerMs, systemClock } from '../base/clock.ts';
import type { MachineSpan } from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { type RunningTarget, targetPids } from '../contract/target.ts';
import type { UsageSpan } from '../contract/trial.ts';
import type { TrialParts } from './trial-parts.ts';

export interface MeasuredSpan {
  readonly usage: UsageSpan | null;
  readonly machine: MachineSpan | null;
}

/** Reads the target's usage and the machine's counters at both ends of the measured time. */
export async function measuredSpan(
  { warmupNs, endNs }: LoadPlan,
  startNs: number,
  target: RunningTarget,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<MeasuredSpan> {
  const { pid, threads = 'main' } = target;
  const pids = targetPids(target);
  const until = (atNs: number) =>
    sleep(Math.max(0, (atNs - systemClock.nowNs()) / nsPerMs), undefined, { signal });
  const read = async () => (await target.usage()) ?? (pids.length === 0 ? null : parts.processUsage(pids));
  try {
    await until(startNs + warmupNs);
    const machineStart = parts.machineReading(pid, threads);
    const start = await read();
    await until(startNs + endNs);
    const end = await read();
    const machine = { start: machineStart, end: parts.machineReading(pid, threads) };
    return { usage: start === null || end === null ? null : { start, end }, machine };
  } catch {
    return { usage: null, machine: null }; // the target is gone or the trial is aborted; others tell why
  }
}
