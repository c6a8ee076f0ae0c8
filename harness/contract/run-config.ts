/**
 * The complete, validated configuration of a run: what a matrix file means once every default is
 * filled in and every sweep is spread out. Nothing downstream asks "is it set?".
 */
import type { BalancerConfig } from './balancer.ts';
import type { ClientLimits, ClientSettings } from './client-kind.ts';
import type { Distribution } from './distribution.ts';
import type { RequestTemplate } from './load-plan.ts';
import type { StrategyChoice } from './strategy.ts';
import type { ComparedMetric } from './summary.ts';
import type { TargetConfig } from './target.ts';

export type TrafficConfig =
  | { readonly kind: 'think-time'; readonly clients: number; readonly gapMs: Distribution }
  | { readonly kind: 'poisson'; readonly clients: number; readonly ratePerSecond: number }
  | {
      readonly kind: 'bursts';
      readonly clients: number;
      /** Requests of each burst, spread over the clients in turn. */
      readonly burstRequests: number;
      readonly periodMs: number;
      /** A burst's requests are spread evenly over this time. */
      readonly spreadMs: number;
    }
  | {
      readonly kind: 'heartbeat';
      readonly clients: number;
      readonly periodMs: number;
      /** Each beat is moved by up to this much either way, uniformly; at most half the period. */
      readonly jitterMs: number;
    }
  | { readonly kind: 'closed'; readonly clients: number; readonly requestsMax: number };

interface RequestMix {
  readonly weight: number;
  readonly template: RequestTemplate;
  readonly bodyBytes: Distribution;
}

export interface ScenarioConfig {
  /** From the axes' values, unique in the run, fit for a file name. `main` without a sweep. */
  readonly id: string;
  /** Swept field → value as written, in the order of the sweep; empty without one. */
  readonly axes: Readonly<Record<string, string | number | boolean>>;
  readonly target: TargetConfig;
  /** What stands between client and target; null: nothing. */
  readonly via: BalancerConfig | null;
  readonly network: {
    /** Round trip that the wire adds between the client and whatever it talks to. */
    readonly rttMs: number;
    /** The same between the balancer and the target; 0 without a balancer. */
    readonly upstreamRttMs: number;
  };
  readonly traffic: TrafficConfig;
  readonly requests: readonly RequestMix[];
  readonly client: { readonly kind: string; readonly settings: ClientSettings } & ClientLimits;
  /** How late server and client may read, that margins allow for. */
  readonly lagAllowance: { readonly serverLagMs: number; readonly clientLagMs: number };
}

/** Differences below these are not worth a decision. Shares: 0.1 is 10 %. */
export interface Worthwhile {
  /** Of the error rate: an absolute difference, or a share of the reference's own rate but at least `min`. */
  readonly errorRate: number | { readonly ofReference: number; readonly min: number };
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly connections: number;
  readonly throughput: number;
}

/** The figures as a matrix file names them. */
export const metricNames = {
  errorRate: 'errorRate',
  p50: 'responseTimeP50',
  p99: 'responseTimeP99',
  cpu: 'cpuPer1000Requests',
  connections: 'connectionsOpened',
  throughput: 'throughput',
} as const satisfies Record<keyof Worthwhile, ComparedMetric>;

/** What `worthwhile` is where the matrix does not set it. */
export const worthwhileDefaults: Worthwhile = {
  errorRate: { ofReference: 0.1, min: 0.0002 },
  p50: 0.1,
  p99: 0.1,
  cpu: 0.1,
  connections: 0.1,
  throughput: 0.1,
};

/** What ends a run whose number of rounds is not fixed. */
export interface UntilConfig {
  readonly goal:
    | { readonly kind: 'decided' }
    /** The interval of a figure reaches at most this far from its estimate: `errorRate(evict) ±0.1 %`. */
    | {
        readonly kind: 'width';
        readonly metric: ComparedMetric;
        readonly strategy: string;
        /** In the metric's unit, or as a share of the reference's figure. */
        readonly halfWidth: number;
      };
  /** Time for the whole run; null: no limit but the rounds. */
  readonly timeMsMax: number | null;
}

export interface RunConfig {
  readonly name: string;
  readonly seed: number;
  /** With `until`, the most rounds that the run may take. */
  readonly rounds: number;
  /** null: exactly `rounds` rounds. */
  readonly until: UntilConfig | null;
  /** How often a trial that is unhealthy is run again; each repeat takes the place of the one before. */
  readonly repeatUnhealthyMax: number;
  readonly worthwhile: Worthwhile;
  /** Processes that the clients of each scenario are spread over, 1 to 64. */
  readonly generators: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly strategies: readonly StrategyChoice[];
  /** Label of the strategy that the others are compared with. */
  readonly reference: string;
  readonly scenarios: readonly ScenarioConfig[];
  /** Hosts beside loopback that requests may go to. */
  readonly allowHosts: readonly string[];
}
