/**
 * The npm package `agentkeepalive` behind the same contract: an `http.Agent` with an idle timeout and a maximum age
 * of its own. Its own settings: 4 s idle, 8 s of silence under a request, no maximum age.
 */
import type { HttpOptions } from 'agentkeepalive';
import type { ClientSetup, InProcessClient } from '../contract/client-kind.ts';
import type { Policy } from '../contract/policy.ts';
import { AgentFleet } from './agent-fleet.ts';
import { changedConnection } from './own-settings.ts';

/** Longer than any trial; Node's timers hold 2^31 − 1 ms. */
const neverMs = 2 ** 31 - 1;

let library: Pick<typeof import('agentkeepalive'), 'HttpAgent' | 'HttpsAgent'> | null = null;

export const agentkeepalive: InProcessClient = {
  id: 'agentkeepalive',
  title: 'agentkeepalive',
  summary: 'The npm package, one agent per simulated client; evicts by timer only, knows a maximum age.',
  refusals,
  async load() {
    library = await import('agentkeepalive');
  },
  open(setup) {
    if (library === null) throw new Error('opened before it was loaded');
    const { HttpAgent, HttpsAgent } = library;
    const options = agentkeepaliveOptions(setup);
    return new AgentFleet(setup, () =>
      // It writes into what it is given.
      setup.endpoint.tls === null ? new HttpAgent({ ...options }) : new HttpsAgent({ ...options }),
    );
  },
};

function refusals({ connection }: Policy): string[] {
  const reasons: string[] = [];
  if (connection.idleTimeoutMs !== null && connection.idleCheck === 'checkout') {
    reasons.push(
      'connection.idleTimeoutMs: agentkeepalive has no age check at checkout, only socket timers; evict with the option checkedAt: timer is what it can do',
    );
  }
  if (connection.hintMarginMs !== null) {
    reasons.push('connection.hintMarginMs: agentkeepalive replaces what a Keep-Alive hint says');
  }
  if (connection.requestsMax !== null) {
    reasons.push('connection.requestsMax: agentkeepalive knows no maximum number of requests');
  }
  return reasons;
}

export function agentkeepaliveOptions({ policy, limits, settings }: ClientSetup): HttpOptions {
  const { connectionsPerClientMax } = limits;
  const limit = connectionsPerClientMax === null ? {} : { maxSockets: connectionsPerClientMax };
  if (settings === 'own') {
    const { reuse, pick, idleTimeoutMs, ageMaxMs, tcpKeepAliveMs } = changedConnection(policy);
    return {
      ...(reuse === undefined ? {} : { keepAlive: reuse }),
      ...(pick === undefined ? {} : { scheduling: pick }),
      ...(idleTimeoutMs == null ? {} : { freeSocketTimeout: idleTimeoutMs }),
      ...(ageMaxMs == null ? {} : { socketActiveTTL: ageMaxMs }),
      ...(tcpKeepAliveMs == null ? {} : { keepAliveMsecs: tcpKeepAliveMs }),
      ...limit,
    };
  }
  const { reuse, pick, idleTimeoutMs, ageMaxMs, tcpKeepAliveMs } = policy.connection;
  return {
    keepAlive: reuse,
    scheduling: pick,
    freeSocketTimeout: idleTimeoutMs ?? neverMs,
    // Of silence under a request; the request's own timeout decides.
    timeout: neverMs,
    // 0: no maximum.
    socketActiveTTL: ageMaxMs ?? 0,
    // Node probes on idle sockets whenever it keeps them alive; beyond any trial when nobody asked.
    keepAliveMsecs: tcpKeepAliveMs ?? 7_200_000,
    maxFreeSockets: 65_536,
    ...limit,
  };
}
