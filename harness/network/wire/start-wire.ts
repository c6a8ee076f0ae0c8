/** The controller's side of the wire process. */

import { pin } from '../../base/processes/pin.ts';
import type { Launch } from '../../base/processes/processes.ts';
import { startChild } from '../../base/processes/start-child.ts';
import type { Pulse } from '../../contract/pulse.ts';
import type { RunningWire, WireReport, WireSetup } from '../../contract/wire.ts';

/**
 * @param setup May come later than the process: it starts meanwhile.
 * @throws HarnessError `wire-failed` or `port-taken`; what `setup` rejects with.
 */
export async function startWire(
  setup: Promise<WireSetup>,
  { processes, cpus }: Launch,
): Promise<RunningWire> {
  const child = processes.spawnSelf('__wire');
  return startChild(child, { code: 'wire-failed', what: 'The wire' }, async () => {
    const ready = await setup;
    await pin(child.pid, cpus, 'all');
    const port = await child.call<number>('start', ready);
    return {
      host: ready.listenHost,
      port,
      pid: child.pid,
      lost: child.lost,
      pulse: () => child.call<Pulse>('pulse', null),
      async stop(measured) {
        const report = await child.call<WireReport>('stop', measured);
        await child.end();
        return report;
      },
      kill: () => child.kill(),
    };
  });
}
