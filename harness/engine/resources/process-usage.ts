/** What processes have used so far, as the OS tells from outside: CPU to 10 ms; null where it does not. */
import type { ProcessUsage } from '../../contract/target.ts';
import { procFile } from './proc-file.ts';
import { readStat, readStatusNumber } from './proc-text.ts';

type OwnUsage = Pick<ProcessUsage, 'cpuUserMs' | 'cpuSystemMs' | 'rssBytes' | 'contextSwitches'>;

/** Of all of them together; unknown as soon as one is gone, because what it had used is not known any more. */
export function processUsage(pids: readonly number[]): OwnUsage {
  const all = pids.map(usageOf);
  const sum = (of: (usage: OwnUsage) => number | null) =>
    all.reduce<number | null>((before, usage) => {
      const own = of(usage);
      return before === null || own === null ? null : before + own;
    }, 0);
  return {
    cpuUserMs: sum(({ cpuUserMs }) => cpuUserMs),
    cpuSystemMs: sum(({ cpuSystemMs }) => cpuSystemMs),
    rssBytes: sum(({ rssBytes }) => rssBytes),
    contextSwitches: sum(({ contextSwitches }) => contextSwitches),
  };
}

function usageOf(pid: number): OwnUsage {
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
