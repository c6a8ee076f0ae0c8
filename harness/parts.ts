/** The parts of trials: connects the engine with clients, targets, wire, and resources. */

import type { Processes } from './base/processes/processes.ts';
import { findClient } from './client/index.ts';
import type { Pinning } from './engine/machine.ts';
import { machineReading } from './engine/resources/machine-reading.ts';
import { processUsage } from './engine/resources/process-usage.ts';
import { sampleResources } from './engine/resources/sample-resources.ts';
import { watchPulse } from './engine/resources/watch-pulse.ts';
import type { TrialParts } from './engine/trial-parts.ts';
import { balancerKinds } from './network/balancer/index.ts';
import { startCapture } from './network/capture/start-capture.ts';
import { startWire } from './network/wire/start-wire.ts';
import { targetKinds } from './target/index.ts';

/** A larger young generation, which fills less often: at 10,000 requests per second each scavenge delays about 10. */
const generatorNodeOptions = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

/** @param isCaptured Whether packets are captured. */
export function partsOf(processes: Processes, pinning: Pinning | null, isCaptured = false): TrialParts {
  const launch = { processes, cpus: pinning?.target ?? null };
  return {
    processes,
    targetKinds: targetKinds(launch),
    balancerKinds: balancerKinds(launch),
    pinning,
    async spawnGenerator(clientKind) {
      const client = findClient(clientKind);
      if ('command' in client) return processes.spawnProgram(await client.command());
      return processes.spawnSelf('__generator', { nodeOptions: generatorNodeOptions });
    },
    startWire,
    startCapture: isCaptured ? (setup) => startCapture(processes, setup) : null,
    sampleResources,
    processUsage,
    machineReading,
    watchPulse,
  };
}
