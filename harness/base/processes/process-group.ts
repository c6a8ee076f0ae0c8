/** The processes of a group, from /proc: what a command started, as long as it stays in the foreground. */
import { readdirSync, readFileSync } from 'node:fs';

/** @returns The leader first, then its others in no order; the leader alone where there is no /proc. */
export function processGroup(leader: number): readonly number[] {
  if (process.platform !== 'linux') return [leader];
  const others = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== leader && groupOf(pid) === leader);
  return [leader, ...others];
}

function groupOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Behind the name, which may hold spaces and parentheses: state, parent, group.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return null;
  }
}
