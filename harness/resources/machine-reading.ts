/** What the machine has been doing, from three small files: cheap enough for both ends of the measured time. */
import { nowNs, nsPerMs } from '../base/clock.ts';
import type { MachineReading } from '../contract/health.ts';
import { procFile } from './proc-file.ts';
import { readCpuTimes, readWaitMs } from './proc-text.ts';

/** @param targetPid null: the target is not ours to see. */
export function machineReading(targetPid: number | null): MachineReading {
  const cpu = readCpuTimes(procFile('stat') ?? '');
  const schedstat = targetPid === null ? null : procFile(`${targetPid}/schedstat`);
  return {
    atMs: nowNs() / nsPerMs,
    wallMs: Date.now(),
    cpuMs: cpu?.allMs ?? null,
    stealMs: cpu?.stealMs ?? null,
    targetWaitMs: schedstat === null ? null : readWaitMs(schedstat),
  };
}
