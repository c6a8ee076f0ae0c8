/** `idlerace wire`: the delaying proxy alone, to put a round trip before any server. */
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { assertHostAllowed } from '../config/allowed-host.ts';
import { runWireAlone } from '../network/wire/stand-alone.ts';
import { durationOption, portOption, untilInterrupted } from './options.ts';

export interface WireOptions {
  readonly to: string;
  readonly host: string;
  readonly port: string;
  readonly rtt: string;
  readonly allowHost: readonly string[];
}

export async function wireCommand(host: Host, options: WireOptions): Promise<number> {
  const to = /^(.+):(\d+)$/.exec(options.to);
  if (to === null) {
    throw new HarnessError('usage', `Cannot use --to "${options.to}": expected host:port.`, {
      hint: 'idlerace wire --to 127.0.0.1:8080 --rtt 20ms',
    });
  }
  assertHostAllowed(to[1], options.allowHost);
  const wire = await runWireAlone({
    host: options.host,
    port: portOption('--port', options.port),
    targetHost: to[1],
    targetPort: portOption('--to', to[2]),
    rttMs: durationOption('--rtt', options.rtt),
    onEvent: (line) => host.stderr.write(`${line}\n`),
  });
  host.stdout.write(`${wire.address}\n`);
  await untilInterrupted(host);
  await wire.close();
  return exitCodes.fine;
}
