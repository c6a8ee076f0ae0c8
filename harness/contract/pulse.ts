/**
 * The times at which a process could not run because it was stopped or waited for a CPU. Time that it spent
 * working does not count, even if other work waited for it, because load is not a disturbance.
 */

/** One row per look at the process, in order. Times are CLOCK_MONOTONIC ns. */
export interface Pulse {
  readonly atNs: Float64Array;
  /** How long, before this moment and after the look before it, the process could not run. */
  readonly stalledNs: Float64Array;
}

/** Looks at processes from outside, for programs that do not look at themselves. */
export interface PulseWatch {
  /** One pulse per process, in the order in which they were given; null where the OS does not tell. Idempotent. */
  stop(): readonly (Pulse | null)[];
}
