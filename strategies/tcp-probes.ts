/**
 * The kernel sends keep-alive probes on idle connections: what people try first, kept as a control.
 *
 * Probes carry no data and never reach the server's HTTP layer, so they do not reset its idle timer:
 * nothing changes, neither the race nor its rate. They do keep NAT and firewall state alive and find
 * dead peers, which is what they are for. Node's `keepAliveMsecs` and Go's `KeepAlive` are this, and
 * are often taken for an idle timeout. Kernels count whole seconds, so nothing below one second.
 */
import { ms, setting } from '../harness/contract/setting.ts';
import { strategy } from '../harness/contract/strategy.ts';

export const tcpProbes = strategy({
  id: 'tcp-probes',
  title: 'TCP keep-alive probes',
  summary:
    'Sends kernel probes on idle connections; a control that changes nothing, because the server’s idle timer ignores probes.',
  options: { intervalMs: setting(ms(1_000), 1_000, 'Idle time before the first probe, and between probes.') },
  policy: ({ intervalMs }) => ({ connection: { tcpKeepAliveMs: intervalMs } }),
});
