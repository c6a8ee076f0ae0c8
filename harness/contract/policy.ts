/**
 * How a client manages its connections and a server its idle ones: every knob, as data.
 *
 * A strategy is the smallest `PolicyChange` from the reference policy. A client kind or a target
 * that cannot carry out a knob's value refuses it by name before the run starts.
 */
import type { Outcome } from './outcome.ts';

export interface ConnectionPolicy {
  /** Keep a connection for the next request; false sends `Connection: close` on each. */
  readonly reuse: boolean;
  /** Idle age, in ms, from which the client no longer uses a connection. null: never. */
  readonly idleTimeoutMs: number | null;
  /** `checkout`: age tested when a connection is taken, plus a sweep. `timer`: the sweep alone. */
  readonly idleCheck: 'checkout' | 'timer';
  /** Believe `Keep-Alive: timeout=N`: idle timeout of that connection N s minus this, in ms. null: ignore hints. */
  readonly hintMarginMs: number | null;
  /** Age, in ms since it was opened, from which a connection is not used again. null: no limit. */
  readonly ageMaxMs: number | null;
  /** Requests after which a connection is closed. null: no limit. */
  readonly requestsMax: number | null;
  /** Which idle connection is taken: the one used last (`lifo`) or the one idle longest (`fifo`). */
  readonly pick: 'lifo' | 'fifo';
  /** Delay, in ms, before the kernel's first TCP keep-alive probe, and between probes. null: none. */
  readonly tcpKeepAliveMs: number | null;
}

export interface RetryPolicy {
  /** Attempts per request, the first included; 1 is no retry. */
  readonly attemptsMax: number;
  /** Methods that may be sent again. null: any. */
  readonly methods: readonly string[] | null;
  /** Outcomes of an attempt after which the request is sent again. */
  readonly on: readonly Outcome[];
  /** `fresh`: the next attempt opens a connection of its own. `pooled`: it takes what the pool has. */
  readonly connection: 'fresh' | 'pooled';
  /** Wait before the next attempt, in ms; doubles with each further one. */
  readonly backoffMs: number;
  /** Send an `Idempotency-Key` header, the same for all attempts at a request. */
  readonly idempotencyKey: boolean;
}

export interface ServerPolicy {
  /** The target's idle timeout in ms, counted from the moment it wrote its last response. null: none. */
  readonly idleTimeoutMs: number | null;
}

export interface Policy {
  readonly connection: ConnectionPolicy;
  readonly retry: RetryPolicy;
  readonly server: ServerPolicy;
}

/** The knobs that a strategy sets, and no others. */
export interface PolicyChange {
  readonly connection?: Partial<ConnectionPolicy>;
  readonly retry?: Partial<RetryPolicy>;
  readonly server?: Partial<ServerPolicy>;
}

/** The policy without any strategy: keep connections and believe in them, never retry. */
export function referencePolicy(serverIdleTimeoutMs: number | null): Policy {
  return {
    connection: {
      reuse: true,
      idleTimeoutMs: null,
      idleCheck: 'checkout',
      hintMarginMs: null,
      ageMaxMs: null,
      requestsMax: null,
      pick: 'lifo',
      tcpKeepAliveMs: null,
    },
    retry: {
      attemptsMax: 1,
      methods: null,
      on: [],
      connection: 'fresh',
      backoffMs: 0,
      idempotencyKey: false,
    },
    server: { idleTimeoutMs: serverIdleTimeoutMs },
  };
}
