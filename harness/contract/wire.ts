/**
 * The wire: a TCP proxy that delays bytes, FIN and RST by half the RTT each way, so that the race
 * of a real network happens on loopback. Times in its log are CLOCK_MONOTONIC ns.
 */
import type { TableOf } from './columns.ts';
import type { Pulse } from './pulse.ts';

export interface WireSetup {
  readonly listenHost: string;
  /** 0: any free port. */
  readonly listenPort: number;
  readonly targetHost: string;
  readonly targetPort: number;
  readonly rttMs: number;
}

export const wireEvents = [
  'accepted', // client connection accepted
  'request-bytes', // first bytes of a burst written to the server end
  'response-bytes', // first bytes of a burst written to the client end
  'server-fin', // FIN of the server passed on to the client
  'client-fin', // FIN of the client passed on to the server
  'rst-to-client',
  'rst-to-server',
] as const;

/** One row per event. */
export const wireLayout = {
  /** Port of the client end, which the generator knows as its local port. */
  clientPort: Uint16Array,
  /** Position in `wireEvents`. */
  event: Uint8Array,
  atNs: Float64Array,
} as const;

export interface WireReport extends TableOf<typeof wireLayout> {
  readonly connections: number;
  /** How much later than due each delivery of the measured time was, ms. */
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** CLOCK_MONOTONIC ns. The connections of the warm-up come all at once, and so do the closes after the end. */
export interface WireSpan {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface RunningWire {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly lost: Promise<string>;
  /** When it could not run, so far. */
  pulse(): Promise<Pulse>;
  /** @param measured What its lateness is told of. */
  stop(measured: WireSpan): Promise<WireReport>;
  kill(): void;
}
