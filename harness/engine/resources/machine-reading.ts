/** What the machine has been doing, from three small files: cheap enough for both ends of the measured time. */
import { nowNs } from '../../base/time/clock.ts';
import { nsPerMs } from '../../base/units.ts';
import type { MachineReading } from '../../contract/health.ts';
import type { TargetThreads } from '../../contract/target.ts';
import { procFile, procFolder } from './proc-file.ts';
import { readCpuTimes, readWaitMs } from './proc-text.ts';

/** @param targetPid null: the target is not ours to see. */
export function machineReading(targetPid: number | null, threads: TargetThreads): MachineReading {
  const cpu = readCpuTimes(procFile('stat') ?? '');
  return {
    atMs: nowNs() / nsPerMs,
    wallMs: Date.now(),
    cpuMs: cpu?.allMs ?? null,
    stealMs: cpu?.stealMs ?? null,
    targetWaitMs: targetPid === null ? null : waitMs(targetPid, threads),
  };
}

/** null: the OS does not tell. */
function waitMs(pid: number, threads: TargetThreads): number | null {
  const tasks = threads === 'main' ? [`${pid}`] : procFolder(`${pid}/task`);
  const waits = tasks.map((task) => readWaitMs(procFile(`${pid}/task/${task}/schedstat`) ?? ''));
  return waits.every((wait) => wait === null)
    ? null
    : waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0);
}
