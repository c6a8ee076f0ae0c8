/** A policy as undici's own options, for the package and for the one that Node's `fetch` stands on. */
import { not } from '../contract/carries.ts';
import type { ClientSetup } from '../contract/client-kind.ts';
import type { Policy } from '../contract/policy.ts';
import { positiveAge, timerOnly } from './carries-shared.ts';

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
  const { reuse, idleTimeoutMs, hintMarginMs, ageMaxMs, requestsMax } = policy.connection;
  const { connectionsPerClientMax } = limits;
  const shared = {
    pipelining: reuse ? (1 as const) : (0 as const),
    ...(ageMaxMs === null ? {} : { clientTtl: ageMaxMs }),
    ...(requestsMax === null ? {} : { maxRequestsPerClient: requestsMax }),
    ...(connectionsPerClientMax === null ? {} : { connections: connectionsPerClientMax }),
  };
  if (settings === 'own') {
    return {
      ...shared,
      ...(idleTimeoutMs === null ? {} : { keepAliveTimeout: idleTimeoutMs }),
      ...(hintMarginMs === null ? {} : { keepAliveTimeoutThreshold: hintMarginMs }),
    };
  }
  return {
    ...shared,
    keepAliveTimeout: idleTimeoutMs ?? neverMs,
    keepAliveMaxTimeout: idleTimeoutMs ?? neverMs,
    // undici always believes a hint; one that is lengthened by this is cut down to the longest time, which is ours.
    keepAliveTimeoutThreshold: hintMarginMs ?? -neverMs,
    // The request's own timeout decides.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

export const undiciKnobs = ['reuse', 'idleCheck', 'hintMarginMs', 'requestsMax', 'tcpKeepAliveMs'] as const;

/** @param name Of the client, for the sentences. */
export const undiciLimits = (name: string) => ({
  'connection.idleTimeoutMs': timerOnly(name, 'timers', 'does not accept 0; expected more than 0 ms'),
  'connection.ageMaxMs': positiveAge(name),
  'connection.pick': not<Policy>(`${name} always takes the first free connection in its list`),
});
