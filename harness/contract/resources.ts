/**
 * What a trial costs, sampled while it runs. Every column is null where the OS does not tell,
 * and reports then say "not available", never 0.
 */

export interface ResourceSetup {
  /** Processes to watch, added up; empty: only the kernel's counters. */
  readonly pids: readonly number[];
  /** Address and port whose sockets are counted; several trials must not share one. */
  readonly host: string;
  readonly port: number;
  readonly periodMs: number;
}

/** One row per sample. NaN in a column: that one sample failed. */
export interface ResourceSeries {
  /** CLOCK_MONOTONIC ns. */
  readonly atNs: Float64Array;
  readonly cpuMs: Float64Array | null;
  readonly rssBytes: Float64Array | null;
  readonly fds: Float64Array | null;
  /**
   * TIME_WAIT sockets of the watched address, either side. Only in the last row: reading the
   * kernel's table takes tens of ms once there are thousands of sockets, which would be measured. They
   * last 60 s, so the last count is the largest of a trial that is not much longer.
   */
  readonly timeWait: Float64Array | null;
  /** Memory of all TCP sockets of the machine. */
  readonly socketMemoryBytes: Float64Array | null;
  /** TCP keep-alive probes sent by the machine since boot (TcpExt TCPKeepAlive). */
  readonly tcpProbesSent: Float64Array | null;
}

export interface ResourceSampler {
  stop(): ResourceSeries;
}
