/** The controller's side of the wire process. */

import { HarnessError } from '../../base/errors.ts';
import { spawnSelf } from '../../base/processes/child.ts';
import { pin } from '../../base/processes/pin.ts';
import type { Pulse } from '../../contract/pulse.ts';
import type { RunningWire, WireReport, WireSetup } from '../../contract/wire.ts';

/**
 * @param setup May come later than the process: it starts meanwhile.
 * @throws HarnessError `wire-failed` or `port-taken`; what `setup` rejects with.
 */
export async function startWire(
  setup: Promise<WireSetup>,
  options: { readonly cpus: string | null },
): Promise<RunningWire> {
  const child = spawnSelf('__wire');
  try {
    const ready = await setup;
    await pin(child.pid, options.cpus, 'all');
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
  } catch (error) {
    child.kill();
    if (error instanceof HarnessError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new HarnessError('wire-failed', `The wire did not start: ${why}.`, { cause: error });
  }
}
