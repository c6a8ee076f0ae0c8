/** What machine the numbers come from. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { packageVersion } from '../base/version.ts';
import type { Environment } from '../contract/summary.ts';
import type { Pinning } from '../engine/machine.ts';

export function readEnvironment(pinning: Pinning | null): Environment {
  const cpus = os.cpus();
  return {
    os: osName(),
    kernel: `${os.type()} ${os.release()}`,
    cpuModel: cpus[0]?.model.trim() ?? 'unknown',
    cpus: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    node: process.version,
    idlerace: packageVersion(),
    // Windows has none and says 0, 0, 0.
    loadAverage: process.platform === 'win32' ? null : os.loadavg()[0],
    pinning: pinning === null ? null : { generator: pinning.generator, target: pinning.target },
  };
}

function osName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.version();
  } catch {
    return os.version();
  }
}
