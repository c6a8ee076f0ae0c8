/**
 * Watches processes from outside, fifty times a second, to find when they could not run. Linux reports whether
 * a process is stopped, and how long its main thread has waited for a CPU. This is for programs that are part of
 * the harness and cannot measure themselves: a balancer, the Go target, a driver.
 */
import { nowNs } from '../../base/time/clock.ts';
import { nsPerMs } from '../../base/units.ts';
import type { Pulse, PulseWatch } from '../../contract/pulse.ts';
import { procFile } from './proc-file.ts';
import { readState, readWaitMs } from './proc-text.ts';
import { PulseReader } from './pulse-reader.ts';

const periodMs = 20;

export function watchPulse(pids: readonly number[]): PulseWatch {
  const readers = pids.map(() => new PulseReader());
  const look = () => {
    for (const [index, reader] of readers.entries()) {
      const stat = procFile(`${pids[index]}/stat`);
      const waitMs = readWaitMs(procFile(`${pids[index]}/schedstat`) ?? '');
      if (stat !== null) reader.add(nowNs(), readState(stat), (waitMs ?? 0) * nsPerMs);
    }
  };
  look();
  const timer = pids.length === 0 ? null : setInterval(look, periodMs);
  let pulses: readonly (Pulse | null)[] | null = null;
  return {
    stop() {
      if (pulses !== null) return pulses;
      if (timer !== null) clearInterval(timer);
      look();
      pulses = readers.map((reader) => reader.pulse());
      return pulses;
    },
  };
}
