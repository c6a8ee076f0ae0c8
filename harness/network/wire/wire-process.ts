/** The wire process: the proxy, answering the controller's calls. */

import { HarnessError } from '../../base/errors.ts';
import { answerParent } from '../../base/processes/answer-parent.ts';
import { Heartbeat } from '../../base/time/heartbeat.ts';
import type { Pulse } from '../../contract/pulse.ts';
import type { WireReport, WireSetup, WireSpan } from '../../contract/wire.ts';
import { WireProxy } from './proxy.ts';

export function wireProcess(): void {
  const heartbeat = new Heartbeat();
  let proxy: WireProxy | null = null;
  answerParent({
    start(setup: WireSetup): Promise<number> {
      proxy = new WireProxy(setup);
      heartbeat.start();
      return proxy.listen();
    },
    pulse: (): Pulse => heartbeat.pulse(),
    stop(measured: WireSpan): WireReport {
      if (proxy === null) throw new HarnessError('wire-failed', 'The wire was never started.');
      return proxy.report(measured);
    },
  });
}
