/**
 * A target: what the load is sent to. The embedded server is one; a URL is another; Go, nginx and
 * any command line come behind the same contract. What a target cannot tell is null, never 0.
 */
import type { Endpoint } from './client-kind.ts';
import type { Distribution } from './distribution.ts';
import type { FaultCounts, FaultScript } from './fault.ts';
import type { ServerPolicy } from './policy.ts';

/** What a matrix file says of the target, complete. */
export type TargetConfig =
  | {
      readonly kind: 'embedded';
      readonly idleTimeoutMs: number;
      readonly tls: boolean;
      /** Do not verify the certificate; only with `tls`. */
      readonly insecure: boolean;
      /** Send `Keep-Alive: timeout=N` (whole seconds, rounded down). */
      readonly advertise: boolean;
      /** Time to produce a response. */
      readonly serviceMs: Distribution;
      /** `wait`: on a timer, as a database call would. `burn`: on the CPU. */
      readonly serviceBy: 'wait' | 'burn';
      readonly responseBytes: Distribution;
      /** Faults committed on purpose, per trial; which requests they hit is drawn from the seed. */
      readonly faults: FaultCounts;
      /** How long `freeze` and `refuse` last, ms. */
      readonly faultMs: number;
    }
  | {
      readonly kind: 'url';
      readonly url: string;
      /** What the server is known to be set to; the harness cannot set it. */
      readonly idleTimeoutMs: number;
      readonly insecure: boolean;
    };

export interface TargetSetup {
  readonly config: TargetConfig;
  readonly policy: ServerPolicy;
  /** Address to bind; one per trial where the OS has more than one loopback address. */
  readonly host: string;
  /** Seeds the service time and response size draws, the same for all trials of a round. */
  readonly seed: number;
  /** Request ids in the load plan; the ledger has this many rows. */
  readonly requestCount: number;
  /** null: no faults. */
  readonly faults: FaultScript | null;
}

/** CPU and memory of a process at one moment; a field that the OS does not tell is null. */
export interface ProcessUsage {
  readonly cpuUserMs: number | null;
  readonly cpuSystemMs: number | null;
  readonly rssBytes: number | null;
  readonly contextSwitches: number | null;
}

/** What the target wrote down of each request id; row = request id. Times are CLOCK_MONOTONIC ns. */
export interface Ledger {
  readonly executions: Uint8Array;
  /** Responses handed to the kernel in full. */
  readonly answers: Uint8Array;
  /** Request headers parsed, last execution. NaN: never. */
  readonly noticedNs: Float64Array;
  /** Response handed to the kernel, last execution. NaN: never. */
  readonly answeredNs: Float64Array;
}

export interface TargetReport {
  readonly ledger: Ledger;
  readonly connectionsOpenMax: number;
  /** One row per accepted connection. */
  readonly connectionOpenedNs: Float64Array;
  /** NaN: still open when the target was stopped. */
  readonly connectionClosedNs: Float64Array;
  /** For each idle close: how late the idle timer was (δs), ns; may be slightly negative. */
  readonly idleTimerLatenessNs: Float64Array;
  readonly eventLoopDelayMsP99: number;
}

export interface RunningTarget {
  readonly endpoint: Endpoint;
  /** Process whose cost is the target's; null when it is not ours to see. */
  readonly pid: number | null;
  /** Resolves with a reason when the target ends without having been asked to. */
  readonly lost: Promise<string>;
  /** Finer than the OS tells from outside where the target can say it itself; null: ask the OS. */
  usage(): Promise<ProcessUsage | null>;
  /** Stops it and returns what it wrote down; null when it keeps no books. */
  stop(): Promise<TargetReport | null>;
  /** Ends it at once. Idempotent, never throws. */
  kill(): void;
}

export interface TargetKind {
  readonly id: TargetConfig['kind'];
  readonly title: string;
  readonly summary: string;
  /** One sentence for each knob that this target cannot carry out. */
  refusals(config: TargetConfig, policy: ServerPolicy): readonly string[];
  /** Resolves when it answers. Rejects with a HarnessError. */
  start(setup: TargetSetup): Promise<RunningTarget>;
}
