/**
 * The health gate: what must have been true of generator, target and machine while a trial was
 * measured. One table of limits, which the engine, the warnings and `docs/method.md` share.
 */

interface HealthLimit {
  /** Past this the report says so. */
  readonly warn: number;
  /** Past this the trial is kept, marked and left out of every estimate: no verdict. */
  readonly max: number;
}

export const healthLimits = {
  /** Started minus intended, 99th percentile, ms. It moves idle ages and response times by as much. Open loop. */
  latenessMsP99: { warn: 5, max: 50 },
  /** How long the generator's event loop was held up, 99th percentile, ms: answers and FINs are read that much later. */
  generatorEventLoopDelayMsP99: { warn: 20, max: 100 },
  /**
   * CPU of the generator, in cores. Closed loop: near one, the generator is what was measured. In an open
   * loop the pacer reads the clock while it waits, and whether it kept up is what lateness says.
   */
  generatorCpuShare: { warn: 0.9, max: 0.98 },
  /** Share of scheduled requests that were never sent. */
  droppedShare: { warn: 0, max: 0.01 },
  /** Share of the measured time that the target could have run and had to wait for a CPU. */
  targetWaitShare: { warn: 0.4, max: 0.75 },
  /** Share of the machine's CPU time that the hypervisor gave to others. */
  stealShare: { warn: 0.05, max: 0.25 },
  /** How far wall clock and CLOCK_MONOTONIC moved apart, ms: times of day in logs are off by as much. */
  clockStepMs: { warn: 20, max: 1_000 },
} as const satisfies Record<string, HealthLimit>;

export type HealthMetric = keyof typeof healthLimits;

/** null: it does not apply, or the OS does not tell. */
export type HealthReadings = { readonly [Metric in HealthMetric]: number | null };

/** Of a trial that was cut short. */
export const noReadings: HealthReadings = {
  latenessMsP99: null,
  generatorEventLoopDelayMsP99: null,
  generatorCpuShare: null,
  droppedShare: null,
  targetWaitShare: null,
  stealShare: null,
  clockStepMs: null,
};

export function isPast(metric: HealthMetric, value: number | null, limit: keyof HealthLimit): boolean {
  return value !== null && value > healthLimits[metric][limit];
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
