/** A policy as undici's own options, for the package and for the one that Node's `fetch` stands on. */
import type { ClientSetup, ClientTask } from '../contract/client-kind.ts';
import type { Policy } from '../contract/policy.ts';
import { changedConnection } from './own-settings.ts';

export interface UndiciOptions {
  readonly connections?: number;
  /** 1: one request at a time on a connection; 0: `Connection: close` on each. */
  readonly pipelining: 0 | 1;
  readonly keepAliveTimeout?: number;
  readonly keepAliveMaxTimeout?: number;
  readonly keepAliveTimeoutThreshold?: number;
  readonly clientTtl?: number;
  readonly maxRequestsPerClient?: number;
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
}

/** Longer than any trial; undici's timers hold 2^31 − 1 ms. */
const neverMs = 2 ** 31 - 1;

export function undiciOptions({ policy, limits, settings }: ClientSetup): UndiciOptions {
  const { connectionsPerClientMax } = limits;
  const limit = connectionsPerClientMax === null ? {} : { connections: connectionsPerClientMax };
  const knobs = settings === 'own' ? changedConnection(policy) : policy.connection;
  const { reuse, idleTimeoutMs, hintMarginMs, ageMaxMs, requestsMax } = knobs;
  const changes = {
    pipelining: reuse === false ? (0 as const) : (1 as const),
    ...(ageMaxMs == null ? {} : { clientTtl: ageMaxMs }),
    ...(requestsMax == null ? {} : { maxRequestsPerClient: requestsMax }),
    ...limit,
  };
  if (settings === 'own') {
    return {
      ...changes,
      ...(idleTimeoutMs == null ? {} : { keepAliveTimeout: idleTimeoutMs }),
      ...(hintMarginMs == null ? {} : { keepAliveTimeoutThreshold: hintMarginMs }),
    };
  }
  return {
    ...changes,
    keepAliveTimeout: idleTimeoutMs ?? neverMs,
    keepAliveMaxTimeout: idleTimeoutMs ?? neverMs,
    // undici always believes a hint; one that is lengthened by this is cut down to the longest time, which is ours.
    keepAliveTimeoutThreshold: hintMarginMs ?? -neverMs,
    // The request's own timeout decides.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** @param name Of the client, for the sentences. */
export function undiciRefusals(name: string, { connection }: Policy, _task: ClientTask): string[] {
  const reasons: string[] = [];
  if (connection.idleTimeoutMs !== null && connection.idleCheck === 'checkout') {
    reasons.push(
      `connection.idleTimeoutMs: ${name} has no age check at checkout, only timers; evict with the option checkedAt: timer is what it can do`,
    );
  }
  if (connection.idleTimeoutMs === 0) {
    reasons.push(`connection.idleTimeoutMs: ${name} takes no 0; short-lived is what is meant`);
  }
  if (connection.pick === 'fifo') {
    reasons.push(
      `connection.pick: ${name} takes the first connection of its list that is free, in no other order`,
    );
  }
  return reasons;
}
