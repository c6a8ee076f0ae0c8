/**
 * What of the machine a run uses: which cpu for which process, which loopback address for which
 * trial. Both keep trials from disturbing each other; where the OS cannot, the summary says so.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Pinning {
  readonly generator: string;
  /** The target, the wire, and the controller during the load. */
  readonly target: string;
  /** All that this process may use. */
  readonly all: string;
}

/** Generators on the first allowed cpus, one each while one is left for target and wire; null without `taskset` or a second cpu. */
export function choosePinning(generators = 1): Pinning | null {
  if (process.platform !== 'linux') return null;
  const cpus = allowedCpus(readFileSync('/proc/self/status', 'utf8'));
  if (cpus.length < 2 || spawnSync('taskset', ['-V'], { stdio: 'ignore' }).status !== 0) return null;
  const own = Math.min(generators, cpus.length - 1);
  const list = (some: readonly number[]) => some.join(',');
  return { generator: list(cpus.slice(0, own)), target: list(cpus.slice(own)), all: list(cpus) };
}

/** Reads `Cpus_allowed_list:` of /proc/PID/status, for example `0-3,8`. */
export function allowedCpus(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '';
  return list
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, step) => first + step);
    });
}

/** Only Linux answers on all of 127.0.0.0/8 without configuration. */
export function manyLoopbackAddresses(): boolean {
  return process.platform === 'linux';
}

/** An address of its own for each of 64,516 trials: one trial's TIME_WAIT sockets cannot take another's ports. */
export function loopbackAddress(trial: number): string {
  if (!manyLoopbackAddresses()) return '127.0.0.1';
  const perBlock = 254;
  return `127.0.${Math.floor(trial / perBlock) % perBlock}.${(trial % perBlock) + (trial < perBlock ? 2 : 1)}`;
}
