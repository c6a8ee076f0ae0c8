/**
 * The law of the idle-timeout race, in closed form. docs/law.md derives it.
 *
 * The idle age is counted from when the client read the last answer on the connection. A reuse fails
 * iff T + δs − R − λs − λc' < age < T + δs − λc' + λc'': it was written before the client could have
 * noticed the close, and arrives after it. `RaceReplay` applies the same law to a whole plan.
 */
/** What one reuse meets, ms. */
export interface RaceTimes {
  /** R: the round trip, half of it each way. */
  readonly rttMs: number;
  /** δs: how late the server's idle timer fires; negative when it is early. */
  readonly timerLatenessMs: number;
  /** λs: how late the server notices the request. */
  readonly serverLagMs: number;
  /** λc': how late the client read the answer before. */
  readonly answerLagMs: number;
  /** λc'': how late the client notices the close. */
  readonly closeLagMs: number;
}

/** Idle ages at which a reuse fails, both ends excluded, ms. */
export interface DeadlyAges {
  readonly fromMs: number;
  readonly toMs: number;
}

export function deadlyAges(times: RaceTimes, idleTimeoutMs: number): DeadlyAges {
  const { rttMs, timerLatenessMs, serverLagMs, answerLagMs, closeLagMs } = times;
  const closesMs = idleTimeoutMs + timerLatenessMs - answerLagMs;
  return { fromMs: closesMs - rttMs - serverLagMs, toMs: closesMs + closeLagMs };
}

/**
 * From a share w of reuses to a share of requests: a failed request leaves no connection behind, so
 * the one after it cannot race, p = (1 − p)·w.
 */
export function perRequest(perReuse: number): number {
  return perReuse / (1 + perReuse);
}
