/** `idlerace target`: the embedded server alone, for testing a client of one's own. */
import { exitCodes } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { runTargetAlone } from '../target/stand-alone.ts';
import { durationOption, portOption, untilInterrupted } from './options.ts';

export interface TargetOptions {
  readonly host: string;
  readonly port: string;
  readonly idleTimeout: string;
  readonly serviceTime: string;
  readonly tls: boolean;
  readonly advertise: boolean;
}

export async function targetCommand(host: Host, options: TargetOptions): Promise<number> {
  const target = await runTargetAlone({
    host: options.host,
    port: portOption('--port', options.port),
    idleTimeoutMs: durationOption('--idle-timeout', options.idleTimeout),
    serviceMs: durationOption('--service-time', options.serviceTime),
    tls: options.tls,
    advertise: options.advertise,
    onEvent: (line) => host.stderr.write(`${line}\n`),
  });
  host.stdout.write(`${target.address}\n`);
  await untilInterrupted(host);
  await target.close();
  return exitCodes.fine;
}
