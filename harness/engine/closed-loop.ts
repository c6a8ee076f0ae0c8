/**
 * Keeps every client busy: each sends its next row as soon as its last one is done, until the time
 * is up or its rows are used up. Measures capacity, not waiting: response time equals service time.
 */
import { type Clock, nsPerMs } from '../base/clock.ts';

export interface ClosedLoop {
  readonly clients: number;
  readonly rows: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly clock: Clock;
  send(row: number): void;
}

export interface RunningLoop {
  /** To be called whenever a client's request is done. */
  clientFree(client: number): void;
  /** Resolves with the number of rows sent when every client has stopped. */
  readonly stopped: Promise<number>;
}

/** Rows go round robin: client c sends c, c + clients, c + 2·clients, … */
export function closedLoop({ clients, rows, startNs, endNs, clock, send }: ClosedLoop): RunningLoop {
  const nextRow = Uint32Array.from({ length: clients }, (_, client) => client);
  const { promise: stopped, resolve } = Promise.withResolvers<number>();
  let busy = clients;
  let sent = 0;
  const clientFree = (client: number) => {
    const row = nextRow[client];
    if (row >= rows || clock.nowNs() - startNs >= endNs) {
      busy--;
      if (busy === 0) resolve(sent);
      return;
    }
    nextRow[client] = row + clients;
    sent++;
    send(row);
  };
  setTimeout(
    () => {
      for (let client = 0; client < clients; client++) clientFree(client);
    },
    Math.max(0, (startNs - clock.nowNs()) / nsPerMs),
  );
  return { clientFree, stopped };
}
