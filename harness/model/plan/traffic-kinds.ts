/** The traffic kinds, for `idlerace list traffic`. */
import type { TrafficConfig } from '../../contract/run-config.ts';

export interface TrafficKind {
  readonly id: TrafficConfig['kind'];
  readonly summary: string;
}

export const trafficKinds: readonly TrafficKind[] = [
  {
    id: 'think-time',
    summary:
      'Each client waits a gap from a distribution between reading an answer and sending the next request.',
  },
  { id: 'poisson', summary: 'Requests of all clients together come at random, at a mean rate per second.' },
  { id: 'bursts', summary: 'A burst of requests every period, spread over the clients in turn.' },
  { id: 'heartbeat', summary: 'Each client sends once a period, with jitter: health checks, polling, cron.' },
  {
    id: 'closed',
    summary: 'Each client sends as soon as its last request is done: saturation, not waiting.',
  },
];
