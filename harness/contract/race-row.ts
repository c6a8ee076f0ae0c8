/** One killed attempt, as `races.csv` shows it. */
import type { Outcome } from './outcome.ts';
import type { DeathSign } from './samples.ts';

/** One killed attempt, for races.csv; warm-up deaths are marked. */
export interface RaceRow {
  readonly scenario: string;
  readonly strategy: string;
  readonly round: number;
  readonly isWarmup: boolean;
  readonly request: number;
  readonly client: number;
  readonly attempt: number;
  readonly method: string;
  readonly outcome: Outcome;
  readonly sign: DeathSign;
  readonly isReused: boolean;
  readonly connection: number;
  readonly localPort: number;
  /** Age since the last response was read when the request was written, ms; null on a fresh connection. */
  readonly idleAgeMs: number | null;
  /** From the start of the trial, ms. */
  readonly sentMs: number;
  /** From the write to the FIN, RST or error, ms. */
  readonly diedAfterMs: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  /** How often the target executed this request id in all; null where it keeps no books. */
  readonly executions: number | null;
}
