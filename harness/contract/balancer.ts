/**
 * A balancer: a real proxy with connections kept open to the target, between client and target, so that the race
 * happens on the second hop and the client sees a 502 or a silent retry.
 */
import type { Endpoint } from './client-kind.ts';
import type { TableOf } from './columns.ts';

/** Cases in which nginx asks the next upstream, or the same again (`proxy_next_upstream`). */
export const nextUpstreamCases = [
  'error',
  'timeout',
  'invalid_header',
  'http_502',
  'non_idempotent',
] as const;

/** Cases in which HAProxy sends a request again (`retry-on`). */
export const retryOnCases = [
  'conn-failure',
  'empty-response',
  'junk-response',
  'response-timeout',
  '0rtt-rejected',
] as const;

export const httpReuseModes = ['never', 'safe', 'aggressive', 'always'] as const;

/** What a matrix file says under `via`, complete. */
export type BalancerConfig =
  | {
      readonly kind: 'nginx';
      /** Of connections from clients (`keepalive_timeout` of the server block). */
      readonly clientIdleTimeoutMs: number;
      /** Of kept connections to the target (`keepalive_timeout` of the upstream block). */
      readonly upstreamIdleTimeoutMs: number;
      /** Idle connections kept to the target (`keepalive`). */
      readonly upstreamConnectionsMax: number;
      /** Requests after which it closes a connection to the target (`keepalive_requests`). */
      readonly upstreamRequestsMax: number;
      /** `proxy_next_upstream`; empty: off. */
      readonly nextUpstream: readonly (typeof nextUpstreamCases)[number][];
    }
  | {
      readonly kind: 'haproxy';
      /** Of connections from clients (`timeout http-keep-alive`). */
      readonly clientIdleTimeoutMs: number;
      /** `http-reuse`. */
      readonly httpReuse: (typeof httpReuseModes)[number];
      /** `retry-on`; empty: none. */
      readonly retryOn: readonly (typeof retryOnCases)[number][];
      /** `retries`. */
      readonly retriesMax: number;
      /** Idle connections kept to the target (`pool-max-conn`). */
      readonly upstreamConnectionsMax: number;
      /** Half of the surplus is closed each such period (`pool-purge-delay`). */
      readonly poolPurgeDelayMs: number;
    };

/** The matrix fields of a balancer of this kind. */
export type BalancerConfigOf<Kind extends BalancerConfig['kind']> = Extract<BalancerConfig, { kind: Kind }>;

interface BalancerSetup<Config> {
  readonly config: Config;
  /** Address to bind. */
  readonly host: string;
  /** Where it sends requests on: the target, or the wire before it. */
  readonly upstream: Endpoint;
  /** Request ids in the load plan; the report has this many rows. */
  readonly requestCount: number;
}

/** From the balancer's own books; row = request id. Counts end at 255. */
export const balancerLayout = {
  /** Answers that it gave, of whatever status. */
  answers: Uint8Array,
  /** Times that it sent the request on, or tried to open a connection for it. */
  upstreamAttempts: Uint8Array,
  /** Of those, how many ended without a whole answer of the target. */
  upstreamDeaths: Uint8Array,
  /** Of the attempts, those that it made again by itself after one had died. */
  upstreamRetries: Uint8Array,
  /** Answers that it made itself, such as a 502: the target said nothing. */
  ownAnswers: Uint8Array,
  /** Requests that it ended by closing the client's connection without an answer. */
  silentCloses: Uint8Array,
} as const;
export type BalancerReport = TableOf<typeof balancerLayout>;

export interface RunningBalancer {
  readonly endpoint: Endpoint;
  readonly pid: number;
  /** Resolves with a reason when it ends without having been asked to. */
  readonly lost: Promise<string>;
  stop(): Promise<BalancerReport>;
  /** Ends it at once. Idempotent, never throws. */
  kill(): void;
}

export interface BalancerKind<Config extends BalancerConfig = BalancerConfig> {
  readonly id: Config['kind'];
  readonly title: string;
  readonly summary: string;
  /** Finds the program that it needs, before any trial. @throws HarnessError `program-missing`. */
  prepare?(): Promise<void>;
  /** Resolves when it listens. @throws HarnessError `program-missing`, `target-start-failed`. */
  start(setup: BalancerSetup<Config>): Promise<RunningBalancer>;
}
