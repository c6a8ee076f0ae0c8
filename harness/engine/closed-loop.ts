/**
 * Keeps every client busy: each sends its next row as soon as its last one is done, until the time
 * is up or its rows are used up. Measures capacity, not waiting: response time equals service time.
 */
import type { Clock } from '../base/time/clock.ts';
import { nsPerMs } from '../base/units.ts';
import type { ClientShare } from '../contract/client-kind.ts';
import type { LoadPlan } from '../contract/load-plan.ts';

export interface ClosedLoop {
  readonly plan: Pick<LoadPlan, 'clients' | 'client' | 'endNs'>;
  /** Clients of other shares are other processes' business. */
  readonly share: ClientShare;
  readonly startNs: number;
  readonly clock: Clock;
  /** @param startedNs Now, from the start. */
  send(row: number, startedNs: number): void;
}

export interface RunningLoop {
  /** To be called whenever a client's request is done. */
  clientFree(client: number): void;
  /** Resolves with the number of rows sent when every client has stopped. */
  readonly stopped: Promise<number>;
}

/** Rows go round robin: client c sends c, c + clients, c + 2·clients, … */
export function closedLoop({ plan, share, startNs, clock, send }: ClosedLoop): RunningLoop {
  const { clients, endNs } = plan;
  const rows = plan.client.length;
  const own: number[] = [];
  for (let client = share.index; client < clients; client += share.count) own.push(client);
  const nextRow = Uint32Array.from({ length: clients }, (_, client) => client);
  const { promise: stopped, resolve } = Promise.withResolvers<number>();
  let busy = own.length;
  let sent = 0;
  const clientFree = (client: number) => {
    const row = nextRow[client];
    const sinceStartNs = clock.nowNs() - startNs;
    if (row >= rows || sinceStartNs >= endNs) {
      busy--;
      if (busy === 0) resolve(sent);
      return;
    }
    nextRow[client] = row + clients;
    sent++;
    send(row, sinceStartNs);
  };
  setTimeout(
    () => {
      for (const client of own) clientFree(client);
    },
    Math.max(0, (startNs - clock.nowNs()) / nsPerMs),
  );
  return { clientFree, stopped };
}
