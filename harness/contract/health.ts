/**
 * The health gate: what must have been true of every process of the harness, and of the machine,
 * while a trial was measured. One table of limits, which the engine, the warnings and
 * `docs/method.md` share. A trial is left out for what the harness or the machine did to it, never
 * for what a strategy did to itself.
 */

interface HealthLimit {
  /** Past this the report says so. */
  readonly warn: number;
  /** Past this the trial is kept, marked and left out of every estimate. null: it is a warning only. */
  readonly max: number | null;
}

/** What a delay is compared with: what it takes to change the fate of a request. */
export interface HealthScale {
  /** R, ms, of the hop on which the race happens: the least that its window can be wide. */
  readonly rttMs: number;
  readonly requestTimeoutMs: number;
}

/** The most lateness that eviction's default margin allows for beyond the round trip, ms. */
const stallMsMax = 100;
/** On a CPU that several processes share, each waits for some ms now and then. */
const stallMsUsual = 10;

/** `docs/method.md` gives the reason for each. */
export function healthLimits({ rttMs, requestTimeoutMs }: HealthScale) {
  /** For what moves one request in a hundred by as much. */
  const late = { warn: between(5, rttMs / 2, 25), max: between(50, 2 * rttMs, 250) };
  /** For what moves everything that was under way, once. */
  const max = Math.min(stallMsMax, requestTimeoutMs / 2);
  const stall = { warn: between(Math.min(stallMsUsual, max / 2), rttMs, max / 2), max };
  return {
    /** Started minus intended, 99th percentile, ms. It moves idle ages and response times by as much. Open loop. */
    latenessMsP99: late,
    /** How long the generator's event loop was held up, 99th percentile, ms: answers and FINs are read that much later. */
    generatorEventLoopDelayMsP99: { warn: 20, max: 100 },
    /** Longest time for which a generator could not run, ms. */
    generatorStallMsMax: stall,
    /**
     * CPU of the generator, in cores. Closed loop: near one, the generator is what was measured. In an open
     * loop the pacer reads the clock while it waits, and whether it kept up is what lateness says.
     */
    generatorCpuShare: { warn: 0.9, max: 0.98 },
    /** Share of scheduled requests that were never sent. They count as failed. */
    droppedShare: { warn: 0, max: null },
    /** How much later than due a wire delivered, 99th percentile, ms. */
    wireLatenessMsP99: late,
    /** Longest time for which a wire could not run, ms. */
    wireStallMsMax: stall,
    /** CPU of a wire, in cores. It reads the clock while it waits, so whether it kept up is what its lateness says. */
    wireCpuShare: { warn: 0.9, max: null },
    /** Longest time for which the balancer could not run, ms. */
    balancerStallMsMax: stall,
    /** How long the target's process could not run when it should have, 99th percentile, ms: its lags are as much longer. */
    targetStallMsP99: late,
    /** Longest time for which the target could not run, ms. A server of the user's has no reading: its stalls are data. */
    targetStallMsMax: stall,
    /** Share of the measured time that the target could have run and had to wait for a CPU. Its own load may be why. */
    targetWaitShare: { warn: 0.4, max: null },
    /** Share of the machine's CPU time that the hypervisor gave to others. */
    stealShare: { warn: 0.05, max: 0.25 },
    /** How far wall clock and CLOCK_MONOTONIC moved apart, ms: times of day in logs are off by as much. */
    clockStepMs: { warn: 20, max: null },
  } satisfies Record<string, HealthLimit>;
}

function between(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export type HealthMetric = keyof ReturnType<typeof healthLimits>;

/** null: it does not apply, or the OS does not tell. */
export type HealthReadings = { readonly [Metric in HealthMetric]: number | null };

/** Of a trial that was cut short. */
export const noReadings: HealthReadings = {
  latenessMsP99: null,
  generatorEventLoopDelayMsP99: null,
  generatorStallMsMax: null,
  generatorCpuShare: null,
  droppedShare: null,
  wireLatenessMsP99: null,
  wireStallMsMax: null,
  wireCpuShare: null,
  balancerStallMsMax: null,
  targetStallMsP99: null,
  targetStallMsMax: null,
  targetWaitShare: null,
  stealShare: null,
  clockStepMs: null,
};

/** @param limit null: it has none. */
export function isPast(value: number | null, limit: number | null): boolean {
  return value !== null && limit !== null && value > limit;
}

/** The scale of a scenario's trials. Behind a balancer the race is on the connections to the target. */
export function healthScale(
  { rttMs, upstreamRttMs }: { readonly rttMs: number; readonly upstreamRttMs: number },
  isBehindBalancer: boolean,
  requestTimeoutMs: number,
): HealthScale {
  return { rttMs: isBehindBalancer ? upstreamRttMs : rttMs, requestTimeoutMs };
}

/** Counters of the machine at one moment; null where the OS does not tell. */
export interface MachineReading {
  /** CLOCK_MONOTONIC, ms. */
  readonly atMs: number;
  /** Wall clock, ms since the epoch. */
  readonly wallMs: number;
  /** CPU time of all cpus since boot, stolen time included, ms. */
  readonly cpuMs: number | null;
  readonly stealMs: number | null;
  /** Time that the target's main thread, or all of them, has waited for a cpu so far, ms. */
  readonly targetWaitMs: number | null;
}

/** At the two ends of the measured time. */
export interface MachineSpan {
  readonly start: MachineReading;
  readonly end: MachineReading;
}
