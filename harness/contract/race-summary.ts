/** The facts about the race in `summary.json`, besides counts: its window, its expected rate, and the idle timeout that was seen. */

/** The race window of a trial population, measured from the timings of requests that were answered. Means, ms. */
export interface RaceWindow {
  /** Configured round trip. */
  readonly rttMs: number;
  /** Request written → noticed by the server, less rtt/2. Includes the wire's lateness. */
  readonly serverLagMs: number | null;
  /** Response written → read by the client, less rtt/2; a FIN is taken to be noticed as late. Includes the wire's lateness. */
  readonly clientLagMs: number | null;
  /** How late the server's idle timer fires. */
  readonly timerLatenessMs: number | null;
  /** R + λs + λc''. */
  readonly widthMs: number | null;
  /** Answered requests that the lags were measured on. */
  readonly lagSamples: number;
}

export interface RacePredictionSummary {
  /**
   * Expected value of `raceRate` by the law, for this policy: each round's plan with the lags of the
   * other rounds. null where it is not known: a single round, too few lags, a balancer, a closed loop.
   */
  readonly raceProbability: number | null;
  /**
   * `replay`: the mean over replays of the plans. `closed-form`: the replays count no race at all, and
   * the rate is the law's on the scenario's gap distribution. null: no rate. A rate of 0 by replay is
   * below 3 / `requestsReplayed` for these plans; one by closed form is 0.
   */
  readonly by: 'replay' | 'closed-form' | null;
  readonly requestsReplayed: number;
  readonly window: RaceWindow;
}

/** The server's idle timeout as the client saw it, over all trials that ran with the configured one. */
export interface IdleTimeoutSeen {
  /** null: none. */
  readonly configuredMs: number | null;
  /** Reuses that succeeded, or closes, contradict the configured timeout. */
  readonly differs: boolean;
  /** Median idle age at which the server closed connections instead; null where it does not differ, or closed none. */
  readonly seenMs: number | null;
  readonly evidence: {
    /** Connections that the server closed while they were idle. */
    readonly closes: number;
    /** Of those, how many at the configured timeout. */
    readonly closesAsConfigured: number;
    /** Reuses that succeeded at an idle age past the configured timeout and the race window. */
    readonly reusesBeyond: number;
    readonly longestReuseMs: number | null;
  };
}
