/** What a process has used so far, as the OS tells from outside: CPU to 10 ms; null where it does not. */
import type { ProcessUsage } from '../contract/target.ts';
import { procFile } from './proc-file.ts';
import { readStat, readStatusNumber } from './proc-text.ts';

export function processUsage(pid: number): ProcessUsage {
  const times = readStat(procFile(`${pid}/stat`) ?? '');
  const status = procFile(`${pid}/status`);
  const number = (name: string) => (status === null ? null : readStatusNumber(status, name));
  const rssKiB = number('VmRSS');
  const voluntary = number('voluntary_ctxt_switches');
  const involuntary = number('nonvoluntary_ctxt_switches');
  return {
    cpuUserMs: times?.cpuUserMs ?? null,
    cpuSystemMs: times?.cpuSystemMs ?? null,
    rssBytes: rssKiB === null ? null : rssKiB * 1_024,
    contextSwitches: voluntary === null || involuntary === null ? null : voluntary + involuntary,
  };
}
