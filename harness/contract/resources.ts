/**
 * What a trial costs, sampled while it runs. Every column is null where the OS does not tell,
 * and reports then say "not available", never 0.
 */
import type { TableOrNulls } from './columns.ts';

export interface ResourceSetup {
  /** Processes to watch, added up; empty: only the kernel's counters. */
  readonly pids: readonly number[];
  /** Address and port whose sockets are counted; several trials must not share one. */
  readonly host: string;
  readonly port: number;
  readonly periodMs: number;
}

/** One row per sample. NaN in a column: that one sample failed. */
export const resourceLayout = {
  cpuMs: Float64Array,
  rssBytes: Float64Array,
  fds: Float64Array,
  /**
   * TIME_WAIT sockets of the watched address, either side. Only in the last row: reading the
   * kernel's table takes tens of ms once there are thousands of sockets, which would be measured. They
   * last 60 s, so the last count is the largest of a trial that is not much longer.
   */
  timeWait: Float64Array,
  /** Memory of all TCP sockets of the machine. */
  socketMemoryBytes: Float64Array,
  /** TCP keep-alive probes sent by the machine since boot (TcpExt TCPKeepAlive). */
  tcpProbesSent: Float64Array,
} as const;

export interface ResourceSeries extends TableOrNulls<typeof resourceLayout> {
  /** CLOCK_MONOTONIC ns. */
  readonly atNs: Float64Array;
}

export interface ResourceSampler {
  stop(): ResourceSeries;
}
