/** Reads the texts that Linux shows below /proc: pure functions, so that odd ones can be tested. */

/** USER_HZ: Linux shows CPU time in hundredths of a second on every architecture that Node runs on. */
const msPerTick = 10;

export interface StatTimes {
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
}

/** /proc/PID/stat; the name in it may hold spaces and parentheses. null when it is not such a text. */
export function readStat(text: string): StatTimes | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Fields 14 and 15, counted from 1; what follows the name starts at field 3.
  const user = Number(fields[11]);
  const system = Number(fields[12]);
  if (text === '' || !Number.isFinite(user) || !Number.isFinite(system)) return null;
  return { cpuUserMs: user * msPerTick, cpuSystemMs: system * msPerTick };
}

/** The state in /proc/PID/stat, one letter: `R` runs, `S` sleeps, `T` is stopped. Empty when it is not such a text. */
export function readState(text: string): string {
  return text.slice(text.lastIndexOf(')') + 2)[0] ?? '';
}

/** A number behind `name:` in /proc/PID/status; null when it is not there. */
export function readStatusNumber(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text);
  return found === null ? null : Number(found[1]);
}

const stateTimeWait = '06';

/**
 * Counts in /proc/net/tcp the TIME_WAIT sockets of one address, at either end, given as the file writes
 * it: `0100007F:1F90` for 127.0.0.1:8080. Looks for the address and cuts no line, so that a table of
 * 20,000 rows costs a search and no more.
 */
export function countTimeWait(table: string, address: string): number {
  let timeWait = 0;
  for (let at = table.indexOf(address); at !== -1; at = table.indexOf(address, at + address.length)) {
    // `  sl: LOCAL REMOTE ST …`: what follows the watched address tells which of the two it is.
    const after = at + address.length + 1;
    const isLocal = table[after + address.length - 5] === ':';
    const stateAt = isLocal ? after + address.length + 1 : after;
    if (table.startsWith(stateTimeWait, stateAt)) timeWait++;
  }
  return timeWait;
}

/** An address as /proc/net/tcp writes it: each 32-bit word in the byte order of the machine. null for a name. */
export function procAddress(host: string, port: number): string | null {
  const parts = host.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return null;
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  return `${parts
    .toReversed()
    .map((part) => hex(part, 2))
    .join('')}:${hex(port, 4)}`;
}

/** Memory of all TCP sockets from /proc/net/sockstat, in bytes; null when it is not there. */
export function readSocketMemory(text: string, pageBytes: number): number | null {
  const found = /^TCP:.*\bmem (\d+)/m.exec(text);
  return found === null ? null : Number(found[1]) * pageBytes;
}

/** `TCPKeepAlive` of /proc/net/netstat: probes sent since boot; null when the kernel does not count them. */
export function readTcpProbes(text: string): number | null {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  const column = names?.indexOf('TCPKeepAlive') ?? -1;
  return column === -1 || values === undefined ? null : Number(values[column]);
}

/** Soft limit of open files from /proc/self/limits; null when it is unlimited or not there. */
export function readFdLimit(text: string): number | null {
  const found = /^Max open files\s+(\d+)/m.exec(text);
  return found === null ? null : Number(found[1]);
}

/** Kernel ticks of /proc/stat: 100 a second on every common build. */
const tickMs = 10;

/** First line of /proc/stat, all cpus together: time since boot, and how much of it was stolen. null when it is not there. */
export function readCpuTimes(text: string): { allMs: number; stealMs: number } | null {
  const found = /^cpu +(\d[\d ]*)/m.exec(text);
  if (found === null) return null;
  // user nice system idle iowait irq softirq steal; guest times are part of user already.
  const ticks = found[1].trim().split(' ').slice(0, 8).map(Number);
  if (ticks.length < 8) return null;
  return { allMs: ticks.reduce((sum, one) => sum + one, 0) * tickMs, stealMs: ticks[7] * tickMs };
}

/** /proc/PID/schedstat: `running ns, waiting ns, slices`; the time spent waiting for a cpu, ms. */
export function readWaitMs(text: string): number | null {
  const found = /^\d+ (\d+) \d+/.exec(text);
  return found === null ? null : Number(found[1]) / 1e6;
}
