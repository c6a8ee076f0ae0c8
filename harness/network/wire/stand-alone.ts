/** The wire by itself, before any server: for testing a client of one's own. */
import type { WireSetup } from '../../contract/wire.ts';
import { WireProxy } from './proxy.ts';

export interface WireAloneOptions {
  readonly host: string;
  readonly port: number;
  readonly targetHost: string;
  readonly targetPort: number;
  readonly rttMs: number;
  onEvent(line: string): void;
}

export async function runWireAlone(
  options: WireAloneOptions,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const { host, targetHost, targetPort, rttMs, onEvent } = options;
  const setup: WireSetup = { listenHost: host, listenPort: options.port, targetHost, targetPort, rttMs };
  const proxy = new WireProxy(setup);
  const port = await proxy.listen();
  onEvent(
    `every byte, FIN and RST between ${host}:${port} and ${targetHost}:${targetPort} takes ${rttMs / 2} ms`,
  );
  return {
    address: `${host}:${port}`,
    async close() {
      const { connections, latenessMs } = proxy.report();
      onEvent(
        `${connections} connections; deliveries late by p50 ${latenessMs.p50.toFixed(3)} ms, p99 ${latenessMs.p99.toFixed(3)} ms`,
      );
      await proxy.close();
    },
  };
}
