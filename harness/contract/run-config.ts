/**
 * The complete, validated configuration of a run: what a matrix file means once every default is
 * filled in and every sweep is spread out. Nothing downstream asks "is it set?".
 */
import type { BalancerConfig } from './balancer.ts';
import type { ClientLimits, ClientSettings } from './client-kind.ts';
import type { Distribution } from './distribution.ts';
import type { RequestTemplate } from './load-plan.ts';
import type { StrategyChoice } from './strategy.ts';
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

export interface RunConfig {
  readonly name: string;
  readonly seed: number;
  readonly rounds: number;
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
