/**
 * The flight recorder: a killed attempt, step by step, as each witness tells it. The client's books, the wire's log
 * and the packets know nothing of each other; what they agree on is what happened.
 */
import type { Outcome } from './outcome.ts';
import type { DeathSign } from './samples.ts';

export type FlightStep =
  | 'answer-read' // the client read the connection's last answer: its idle age begins
  | 'request-written' // the client handed the request to the kernel
  | 'request-sent' // its first segment left the client
  | 'request-passed' // the wire handed its first bytes to the server's end
  | 'fin-passed' // the wire handed the server's FIN on to the client
  | 'rst-passed' // the wire handed an RST on to the client
  | 'fin-sent' // a FIN of the server's side was on its way to the client
  | 'rst-sent' // an RST of the server's side was
  | 'death-noticed'; // the client learned of it

export interface FlightEvent {
  readonly witness: 'client' | 'wire' | 'packets';
  readonly step: FlightStep;
  /** From the moment that the client wrote the request, ms; packets from its first segment. */
  readonly atMs: number;
}

export interface Flight {
  /** Trial and row, as races.csv has them. */
  readonly trial: string;
  readonly request: number;
  readonly attempt: number;
  readonly method: string;
  readonly outcome: Outcome;
  readonly sign: DeathSign;
  /** null on a fresh connection. */
  readonly idleAgeMs: number | null;
  /** How often the target executed this request, all attempts together; null where it keeps no books. */
  readonly executions: number | null;
  /** By time; of equal ones the client's first. */
  readonly events: readonly FlightEvent[];
}
