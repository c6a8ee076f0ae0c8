/**
 * A target: what the load is sent to. The embedded server is one; a URL is another; Go, nginx and
 * any command line come behind the same contract. A value that a target cannot report is null, never 0.
 */
import type { Carries } from './carries.ts';
import type { Endpoint } from './client-kind.ts';
import type { TableOf, TableOrNulls } from './columns.ts';
import type { Distribution } from './distribution.ts';
import type { FaultCounts, FaultScript } from './fault.ts';
import type { ServerKnob } from './knobs.ts';
import type { ServerPolicy } from './policy.ts';
import type { Pulse } from './pulse.ts';

/** What a matrix file says of the target, complete. */
export type TargetConfig =
  | {
      readonly kind: 'embedded';
      /** null: none. */
      readonly idleTimeoutMs: number | null;
      /** Each connection's timeout is longer than `idleTimeoutMs` by 0 to this, uniformly. */
      readonly idleJitterMs: number;
      readonly tls: boolean;
      /** Do not verify the certificate; only with `tls`. */
      readonly insecure: boolean;
      /** What `Keep-Alive: timeout=N` says, in whole seconds, rounded down: the idle timeout, another time, or none (null). */
      readonly advertise: 'idle-timeout' | number | null;
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
      readonly kind: 'go';
      /** null: none. */
      readonly idleTimeoutMs: number | null;
      /** Which field of Go's `http.Server` says so: without `IdleTimeout` it falls back to `ReadTimeout`. */
      readonly idleTimeoutBy: 'IdleTimeout' | 'ReadTimeout';
      readonly serviceMs: Distribution;
      readonly responseBytes: Distribution;
      readonly faults: FaultCounts;
      readonly faultMs: number;
    }
  | {
      readonly kind: 'nginx';
      /** null: none. */
      readonly idleTimeoutMs: number | null;
      /** Requests after which it closes a connection (`keepalive_requests`). */
      readonly requestsPerConnectionMax: number;
      readonly responseBytes: number;
    }
  | {
      readonly kind: 'command';
      /** The program and its arguments, with `{host}`, `{port}` and `{idleTimeoutMs}` where they belong. */
      readonly command: readonly string[];
      readonly idleTimeoutMs: number | null;
      /** Longest time until it answers. */
      readonly readyWithinMs: number;
    }
  | {
      readonly kind: 'url';
      readonly url: string;
      /** What the server is known to be set to; the harness cannot set it. */
      readonly idleTimeoutMs: number | null;
      readonly insecure: boolean;
      /** Its process on this machine; null: not ours to see. */
      readonly pid: number | null;
      /** Prometheus endpoint with `process_cpu_seconds_total` and `process_resident_memory_bytes`; null: none. */
      readonly metricsUrl: string | null;
    };

/** The matrix fields of a target of this kind. */
export type TargetConfigOf<Kind extends TargetConfig['kind']> = Extract<TargetConfig, { kind: Kind }>;

export interface TargetSetup<Config = TargetConfig> {
  readonly config: Config;
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

/** CPU and memory of a process at one moment; a field that the OS does not report is null. */
export interface ProcessUsage {
  readonly cpuUserMs: number | null;
  readonly cpuSystemMs: number | null;
  readonly rssBytes: number | null;
  readonly contextSwitches: number | null;
  /** User and system time together, if only the total is known; absent: their sum. */
  readonly cpuMs?: number;
  /** Open file descriptors; absent: the OS is asked. */
  readonly fds?: number;
}

/** User and system time together; null: the OS does not report it. */
export function cpuMsOf({ cpuMs, cpuUserMs, cpuSystemMs }: ProcessUsage): number | null {
  if (cpuMs !== undefined) return cpuMs;
  return cpuUserMs === null || cpuSystemMs === null ? null : cpuUserMs + cpuSystemMs;
}

/** The target's records of each request id; row = request id. Times are CLOCK_MONOTONIC ns. */
export const ledgerLayout = {
  executions: Uint8Array,
  /** Responses handed to the kernel in full. */
  answers: Uint8Array,
  /** Request headers parsed, last execution. NaN: never. */
  noticedNs: Float64Array,
  /** Response handed to the kernel, last execution. NaN: never. */
  answeredNs: Float64Array,
} as const;
export type Ledger = TableOf<typeof ledgerLayout>;

/** One row per accepted connection. */
export const connectionTimesLayout = {
  connectionOpenedNs: Float64Array,
  /** NaN: still open when the target was stopped. */
  connectionClosedNs: Float64Array,
} as const;

export interface TargetReport extends TableOrNulls<typeof connectionTimesLayout> {
  readonly ledger: Ledger;
  /** null where it does not count its connections, as are the times of them. */
  readonly connectionsOpenMax: number | null;
  /** For each idle close: how late the idle timer was (δs), ns; may be slightly negative. Empty if it was not observed. */
  readonly idleTimerLatenessNs: Float64Array;
  /** null: it has no event loop, or does not say. */
  readonly eventLoopDelayMsP99: number | null;
}

export type TargetThreads = 'main' | 'all';

export interface RunningTarget {
  readonly endpoint: Endpoint;
  /** Process whose cost is the target's; null when it is not ours to see. */
  readonly pid: number | null;
  /** All processes whose cost is the target's, where there are more than `pid`. */
  readonly pids?: readonly number[];
  /** Which threads of `pid` do its work; default `main`, as in Node, where the others are the runtime's. */
  readonly threads?: TargetThreads;
  /** Resolves with a reason when the target ends without having been asked to. */
  readonly lost: Promise<string>;
  /** Finer than the OS tells from outside where the target can say it itself; null: ask the OS. */
  usage(): Promise<ProcessUsage | null>;
  /**
   * When its process could not run, so far; `from-outside`: it does not say, but it is the harness's own and can be
   * watched. null: it is the user's server, and what holds it up is data.
   */
  readonly pulse: (() => Promise<Pulse>) | 'from-outside' | null;
  /** Stops the target and returns its records; null if it keeps none. */
  stop(): Promise<TargetReport | null>;
  /** Ends it at once. Idempotent, never throws. */
  kill(): void;
}

/** Every process whose cost is the target's; empty when none is ours to see. */
export function targetPids({ pid, pids }: Pick<RunningTarget, 'pid' | 'pids'>): readonly number[] {
  return pids ?? (pid === null ? [] : [pid]);
}

export interface TargetKind<Config extends TargetConfig = TargetConfig> {
  readonly id: Config['kind'];
  readonly title: string;
  readonly summary: string;
  /** How the target carries out each knob of a server. */
  readonly carries: Carries<ServerKnob, { readonly config: Config; readonly policy: ServerPolicy }>;
  /** Builds or finds the program that it needs, before any trial. @throws HarnessError `program-missing`. */
  prepare?(config: Config): Promise<void>;
  /** Resolves when it answers. Rejects with a HarnessError. */
  start(setup: TargetSetup<Config>): Promise<RunningTarget>;
}

/**
 * What the server's `Keep-Alive: timeout=N` says, in whole seconds, rounded down; null: it sends none, as below
 * one second. The servers of the other kinds send none by themselves.
 * @param idleTimeoutMs The policy's, which a strategy may have changed.
 */
export function advertisedSeconds(config: TargetConfig, idleTimeoutMs: number | null): number | null {
  if (config.kind !== 'embedded' || config.advertise === null) return null;
  const advertisedMs = config.advertise === 'idle-timeout' ? idleTimeoutMs : config.advertise;
  const seconds = Math.floor((advertisedMs ?? 0) / 1_000);
  return seconds > 0 ? seconds : null;
}
