/**
 * What a policy requires of a stack, with the numbers rounded toward the safe side: whole ms, a client's
 * idle timeout down, a margin and a server's idle timeout up. null means "not required": the stack's default
 * stays.
 */

import { changedKnobs } from '../contract/carries.ts';
import type { Knob } from '../contract/knobs.ts';
import type { Policy, RetryPolicy } from '../contract/policy.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import { safeMarginMs } from '../model/law/safe-margin.ts';

export interface Asked {
  /** Knobs that the stack does not carry out. */
  readonly without: ReadonlySet<string>;
  readonly policy: Policy;
  readonly facts: ScenarioFacts;
  /** Knobs in which the policy differs from the reference, such as `connection.idleTimeoutMs`. */
  readonly set: ReadonlySet<Knob>;
  /** Whether the client needs a setting; false when only the server changes. */
  readonly clientSide: boolean;
  /** false: a connection for each request, also if the margin uses up the idle timeout. */
  readonly reuse: boolean;
  /** At least 1. */
  readonly idleTimeoutMs: number | null;
  readonly hintMarginMs: number | null;
  readonly ageMaxMs: number | null;
  readonly requestsMax: number | null;
  readonly pick: 'lifo' | 'fifo';
  readonly tcpKeepAliveMs: number | null;
  /** Retries of requests that fail because of the race; null if not required. */
  readonly retry: RetryPolicy | null;
  readonly serverIdleTimeoutMs: number | null;
}

export function ask(policy: Policy, facts: ScenarioFacts, without: Asked['without']): Asked {
  const set = new Set(changedKnobs(policy, facts.serverIdleTimeoutMs));
  const { connection, retry, server } = policy;
  const idleTimeoutMs = connection.idleTimeoutMs === null ? null : Math.floor(connection.idleTimeoutMs);
  const reuse = connection.reuse && idleTimeoutMs !== 0;
  const { hintMarginMs, ageMaxMs, tcpKeepAliveMs } = connection;
  return {
    policy,
    facts,
    without,
    set,
    clientSide: set.size === 0 || [...set].some((knob) => !knob.startsWith('server.')),
    reuse,
    idleTimeoutMs: reuse ? idleTimeoutMs : null,
    hintMarginMs: reuse && hintMarginMs !== null ? Math.ceil(hintMarginMs) : null,
    ageMaxMs: reuse && ageMaxMs !== null ? Math.floor(ageMaxMs) : null,
    requestsMax: reuse ? connection.requestsMax : null,
    pick: reuse ? connection.pick : 'lifo',
    tcpKeepAliveMs: tcpKeepAliveMs === null ? null : Math.ceil(tcpKeepAliveMs),
    // Without reuse there is no race.
    retry: reuse && retry.attemptsMax > 1 && retry.on.includes('idle-race') ? retry : null,
    serverIdleTimeoutMs:
      set.has('server.idleTimeoutMs') && server.idleTimeoutMs !== null
        ? Math.ceil(server.idleTimeoutMs)
        : null,
  };
}

/** ms between the client's idle timeout and the server's; null where one of them has none. */
export function marginMs({ facts, policy, idleTimeoutMs }: Asked): number | null {
  if (idleTimeoutMs === null || policy.connection.idleTimeoutMs === null) return null;
  return facts.serverIdleTimeoutMs === null
    ? null
    : facts.serverIdleTimeoutMs - policy.connection.idleTimeoutMs;
}

/** The hint of a server that states its timeout correctly, in ms: its idle timeout in whole seconds, rounded down. */
export function hintedMs({ facts }: Asked): number | null {
  return facts.serverIdleTimeoutMs === null ? null : Math.floor(facts.serverIdleTimeoutMs / 1_000) * 1_000;
}

/** Round trip, server lag and client lag: the margin that the law of the race requires, in ms. */
export function lawfulMarginMs({ facts }: Asked): number {
  return safeMarginMs(facts);
}
