/** The embedded target as a target kind: the controller's side of the target process. */

import { pin } from '../base/processes/pin.ts';
import type { Launch } from '../base/processes/processes.ts';
import { startChild } from '../base/processes/start-child.ts';
import { fully } from '../contract/carries.ts';
import type { Pulse } from '../contract/pulse.ts';
import type {
  ProcessUsage,
  RunningTarget,
  TargetKind,
  TargetReport,
  TargetSetup,
} from '../contract/target.ts';
import type { EmbeddedStarted } from './embedded-process.ts';
import type { EmbeddedConfig } from './plain-target.ts';

export function embeddedTarget(launch: Launch): TargetKind<EmbeddedConfig> {
  return {
    id: 'embedded',
    title: 'Embedded server',
    summary: "Node's http or https server in a separate process, with an exact idle timeout and a ledger.",
    carries: { 'server.idleTimeoutMs': fully },
    start: (setup) => start(setup, launch),
  };
}

async function start(
  setup: TargetSetup<EmbeddedConfig>,
  { processes, cpus }: Launch,
): Promise<RunningTarget> {
  const child = processes.spawnSelf('__target');
  return startChild(child, { code: 'target-start-failed', what: 'The embedded target' }, async () => {
    const { port, ca } = await child.call<EmbeddedStarted>('start', setup);
    await pin(child.pid, cpus, 'all');
    const { insecure } = setup.config;
    return {
      endpoint: {
        host: setup.host,
        port,
        authority: `${setup.host}:${port}`,
        tls: ca === null ? null : { ca: insecure ? null : ca, insecure },
      },
      pid: child.pid,
      lost: child.lost,
      usage: () => child.call<ProcessUsage>('usage', null),
      pulse: () => child.call<Pulse>('pulse', null),
      async stop() {
        const report = await child.call<TargetReport>('stop', null);
        await child.end();
        return report;
      },
      kill: () => child.kill(),
    };
  });
}
