/**
 * The kernel sends keep-alive probes on idle connections: what people try first, kept as a control.
 *
 * Probes carry no data and never reach the server's HTTP layer, so they do not reset its idle timer:
 * nothing changes, neither the race nor its rate. They do keep NAT and firewall state alive and find
 * dead peers, which is what they are for. Node's `keepAliveMsecs` and Go's `KeepAlive` are this, and
 * are often taken for an idle timeout. Kernels count whole seconds, so nothing below one second.
 */
import type { Strategy } from '../harness/contract/strategy.ts';
import { milliseconds } from './options.ts';

export interface TcpProbesOptions {
  /** ms of idleness before the first probe, and between probes. */
  readonly intervalMs: number;
  readonly [option: string]: number;
}

export const tcpProbes: Strategy<TcpProbesOptions> = {
  id: 'tcp-probes',
  title: 'TCP keep-alive probes',
  summary:
    'Kernel probes on idle connections; a control that changes nothing, since the server’s idle timer never sees them.',
  defaults: { intervalMs: 1_000 },
  policy: ({ intervalMs }) => ({
    connection: { tcpKeepAliveMs: milliseconds('intervalMs', intervalMs, 1_000) },
  }),
};
