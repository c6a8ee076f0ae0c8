/**
 * What the generator writes down: numbers in columns, nothing else. Times are ns from the start
 * of the trial on the CLOCK_MONOTONIC axis that all processes of a machine share; NaN means that
 * it did not happen.
 */
import type { TableOf } from './columns.ts';

/** One row per request of the load plan, the row number being the request id. */
const requests = {
  /** The pacer let it go: minus the intended time this is lateness, our own fault. */
  startedNs: Float64Array,
  /**
   * First attempt handed to a connection: a warm one, or one about to be opened. Waiting in line
   * for a connection lies before it, connecting after it, within the service time.
   */
  sentNs: Float64Array,
  /** The same for the last attempt. */
  lastSentNs: Float64Array,
  /** Outcome known: last response byte read, or the failure noticed. */
  doneNs: Float64Array,
  /** Position in `outcomes`, of the last attempt. */
  outcome: Uint8Array,
  attempts: Uint8Array,
  /** HTTP status of the last attempt, 0 without a response. */
  status: Uint16Array,
  /** Row in `ConnectionColumns` of the last attempt. */
  connection: Uint32Array,
  /** 1 when the *first* attempt went out on a connection that had carried a request before. */
  reused: Uint8Array,
  /** Age since that connection's last response was read, at the first attempt's write; NaN when fresh. */
  idleAgeNs: Float64Array,
} as const;
export type RequestColumns = TableOf<typeof requests>;

/** How a connection showed the client that it was over. */
export const deathSigns = ['fin', 'rst', 'epipe', 'timeout', 'connect', 'protocol', 'other'] as const;
export type DeathSign = (typeof deathSigns)[number];

/** One row per attempt that did not end in a response, in order of death. */
const deaths = {
  request: Uint32Array,
  /** 1 for the first attempt at that request. */
  attempt: Uint8Array,
  outcome: Uint8Array,
  /** Position in `deathSigns`. */
  sign: Uint8Array,
  connection: Uint32Array,
  reused: Uint8Array,
  idleAgeNs: Float64Array,
  sentNs: Float64Array,
  diedNs: Float64Array,
  bytesWritten: Uint32Array,
  /** Response bytes seen before the death. */
  bytesRead: Uint32Array,
} as const;
export type DeathColumns = TableOf<typeof deaths>;

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
const connections = {
  client: Uint32Array,
  localPort: Uint16Array,
  openedNs: Float64Array,
  connectedNs: Float64Array,
  closedNs: Float64Array,
  requests: Uint32Array,
  /** Position in `closeCauses`. */
  cause: Uint8Array,
} as const;
export type ConnectionColumns = TableOf<typeof connections>;

/** Every column of a trial's samples, by table and name. */
export const samplesLayout = { requests, deaths, connections };

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
