/** A figure and its interval. null means "not available" or "too little data", never 0. */

/** A figure with its 95 % interval. null bounds: too few rounds to give one. */
export interface Estimate {
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export const noEstimate: Estimate = { estimate: null, low: null, high: null };

/** A share of requests. Its interval assumes nothing about clusters where the estimate is above 0. */
export interface RateEstimate extends Estimate {
  /**
   * Set when nothing happened in any request. `high` then assumes that failures are independent;
   * `badRoundShareHigh` does not: at 95 % confidence at most this share of rounds contains a failure.
   */
  readonly none: {
    readonly requests: number;
    readonly rounds: number;
    readonly badRoundShareHigh: number;
  } | null;
}

/** A percentile of the time to success. `reached: false`: so many requests failed that it is infinite. */
export interface SuccessPercentile extends Estimate {
  readonly reached: boolean;
}

export interface SuccessPercentiles {
  readonly p50: SuccessPercentile;
  readonly p90: SuccessPercentile;
  readonly p99: SuccessPercentile;
}

export interface Percentiles {
  readonly p50: Estimate;
  readonly p90: Estimate;
  readonly p99: Estimate;
  readonly p999: Estimate;
  /** Largest of all rounds; a maximum has no interval. */
  readonly max: number | null;
}
