/**
 * What the generator writes down: numbers in columns, nothing else. Times are ns from the start
 * of the trial on the CLOCK_MONOTONIC axis that all processes of a machine share; NaN means that
 * it did not happen.
 */

/** One row per request of the load plan, the row number being the request id. */
export interface RequestColumns {
  /** The pacer let it go: minus the intended time this is lateness, our own fault. */
  readonly startedNs: Float64Array;
  /**
   * First attempt handed to a connection: a warm one, or one about to be opened. Waiting in line
   * for a connection lies before it, connecting after it, within the service time.
   */
  readonly sentNs: Float64Array;
  /** The same for the last attempt. */
  readonly lastSentNs: Float64Array;
  /** Outcome known: last response byte read, or the failure noticed. */
  readonly doneNs: Float64Array;
  /** Position in `outcomes`, of the last attempt. */
  readonly outcome: Uint8Array;
  readonly attempts: Uint8Array;
  /** HTTP status of the last attempt, 0 without a response. */
  readonly status: Uint16Array;
  /** Row in `ConnectionColumns` of the last attempt. */
  readonly connection: Uint32Array;
  /** 1 when the *first* attempt went out on a connection that had carried a request before. */
  readonly reused: Uint8Array;
  /** Age since that connection's last response was read, at the first attempt's write; NaN when fresh. */
  readonly idleAgeNs: Float64Array;
}

/** How a connection showed the client that it was over. */
export const deathSigns = ['fin', 'rst', 'epipe', 'timeout', 'connect', 'protocol', 'other'] as const;
export type DeathSign = (typeof deathSigns)[number];

/** One row per attempt that did not end in a response, in order of death. */
export interface DeathColumns {
  readonly request: Uint32Array;
  /** 1 for the first attempt at that request. */
  readonly attempt: Uint8Array;
  readonly outcome: Uint8Array;
  /** Position in `deathSigns`. */
  readonly sign: Uint8Array;
  readonly connection: Uint32Array;
  readonly reused: Uint8Array;
  readonly idleAgeNs: Float64Array;
  readonly sentNs: Float64Array;
  readonly diedNs: Float64Array;
  readonly bytesWritten: Uint32Array;
  /** Response bytes seen before the death. */
  readonly bytesRead: Uint32Array;
}

/** Why a connection was closed, or who closed it. */
export const closeCauses = [
  'open', // still open when the trial ended
  'server-idle', // FIN or RST while idle
  'server-race', // FIN or RST with a request under way
  'announced', // `Connection: close` or a close-delimited body
  'evicted', // by the client, for its idle age
  'limit', // by the client, for its age or number of requests
  'failed', // never connected, timed out, or not readable
] as const;
export type CloseCause = (typeof closeCauses)[number];

/** One row per connection that the generator opened, in order of opening. */
export interface ConnectionColumns {
  readonly client: Uint32Array;
  readonly localPort: Uint16Array;
  readonly openedNs: Float64Array;
  readonly connectedNs: Float64Array;
  readonly closedNs: Float64Array;
  readonly requests: Uint32Array;
  /** Position in `closeCauses`. */
  readonly cause: Uint8Array;
}

export interface GeneratorCounters {
  /** Attempts put on the wire or that failed to connect. */
  readonly attempts: number;
  /** Rows of the plan that were started; in a closed loop also the number scheduled. */
  readonly started: number;
  readonly dropped: number;
  /** Complete responses read, all attempts, warm-up included; the target's own count must equal it. */
  readonly answered: number;
  /** Most connections open at once. */
  readonly openMax: number;
}

export interface GeneratorReport {
  /** CLOCK_MONOTONIC ns at which the plan's time 0 was. */
  readonly startNs: number;
  readonly counters: GeneratorCounters;
  readonly requests: RequestColumns;
  readonly deaths: DeathColumns;
  readonly connections: ConnectionColumns;
  /** Generator process over the measured time: share of one core, 0 to 1 and above. */
  readonly cpuShare: number;
  readonly eventLoopDelayMsP99: number;
}
