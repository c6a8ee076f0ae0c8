/**
 * How long before the server's idle timeout a client must stop using a connection, so that no reuse
 * can meet the close. It is derived from the lower edge of the race window, with each part at its upper bound.
 *
 * With the idle age counted from when the client read the last answer, a reuse fails iff
 * T + δs − R − λs − λc' < age < T + δs − λc' + λc'' (derived in docs/law.md). An age below
 * T − (R + λs + λc' − δs) is therefore safe.
 */

/** Upper bounds, all in ms and at least 0, except where said. */
export interface MarginBounds {
  /** R: the round trip. */
  readonly rttMs: number;
  /** λs: how late the server notices a request that has arrived. */
  readonly serverLagMs: number;
  /** λc': how late the client read the last answer. */
  readonly clientLagMs: number;
  /** −δs: how early the server's idle timer may fire. Default 0. */
  readonly timerEarlyMs?: number;
}

/** R + λs + λc' − δs, in ms. */
export function safeMarginMs({ rttMs, serverLagMs, clientLagMs, timerEarlyMs = 0 }: MarginBounds): number {
  return rttMs + serverLagMs + clientLagMs + timerEarlyMs;
}
