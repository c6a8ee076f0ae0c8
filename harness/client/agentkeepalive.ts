/**
 * The npm package `agentkeepalive` behind the same contract: an `http.Agent` with an idle timeout and a maximum age
 * of its own. Its own settings: 4 s idle, 8 s of silence under a request, no maximum age.
 */
import type { HttpOptions } from 'agentkeepalive';
import { clientCarries, not } from '../contract/carries.ts';
import type { ClientSetup, InProcessClient } from '../contract/client-kind.ts';
import { AgentFleet } from './agent-fleet.ts';
import { positiveAge, retryRuleKnobs, timerOnly, zeroIsNever } from './carries-shared.ts';

/** Longer than any trial; Node's timers hold 2^31 − 1 ms. */
const neverMs = 2 ** 31 - 1;

let library: Pick<typeof import('agentkeepalive'), 'HttpAgent' | 'HttpsAgent'> | null = null;

export const agentkeepalive: InProcessClient = {
  id: 'agentkeepalive',
  title: 'agentkeepalive',
  summary:
    'The npm package, one agent per simulated client; evicts by timer only, and has a maximum connection age.',
  carries: clientCarries(
    {
      connection: ['reuse', 'idleCheck', 'pick', 'tcpKeepAliveMs'],
      retry: ['connection', ...retryRuleKnobs],
    },
    {
      'connection.idleTimeoutMs': timerOnly('agentkeepalive', 'socket timers', zeroIsNever),
      'connection.hintMarginMs': not('agentkeepalive overrides the Keep-Alive hint'),
      'connection.ageMaxMs': positiveAge('agentkeepalive'),
      'connection.requestsMax': not('agentkeepalive has no limit on requests per connection'),
    },
  ),
  async load() {
    library = await import('agentkeepalive');
  },
  open(setup) {
    if (library === null) throw new Error('opened before it was loaded');
    const { HttpAgent, HttpsAgent } = library;
    const options = agentkeepaliveOptions(setup);
    return new AgentFleet(setup, (tls) =>
      // It writes into what it is given.
      setup.endpoint.tls === null ? new HttpAgent({ ...options }) : new HttpsAgent({ ...options, ...tls }),
    );
  },
};

export function agentkeepaliveOptions({ policy, limits, settings }: ClientSetup): HttpOptions {
  const { reuse, pick, idleTimeoutMs, ageMaxMs, tcpKeepAliveMs } = policy.connection;
  const { connectionsPerClientMax } = limits;
  const limit = connectionsPerClientMax === null ? {} : { maxSockets: connectionsPerClientMax };
  if (settings === 'own') {
    return {
      ...(reuse ? {} : { keepAlive: false }),
      ...(pick === 'lifo' ? {} : { scheduling: pick }),
      ...(idleTimeoutMs === null ? {} : { freeSocketTimeout: idleTimeoutMs }),
      ...(ageMaxMs === null ? {} : { socketActiveTTL: ageMaxMs }),
      ...(tcpKeepAliveMs === null ? {} : { keepAliveMsecs: tcpKeepAliveMs }),
      ...limit,
    };
  }
  return {
    ...limit,
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
  };
}
