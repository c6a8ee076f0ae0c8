/**
 * Node's own client behind the same contract: `node:http` with one `http.Agent` per simulated client.
 *
 * It is what most Node services use, so its figures are what they would see. Its pool cannot check an age at
 * checkout; what it cannot carry out it refuses by name. Its own settings are those of `http.globalAgent`:
 * kept connections, LIFO, 5 s on the socket.
 */
import http from 'node:http';
import https from 'node:https';
import { clientCarries, not } from '../contract/carries.ts';
import type { ClientSetup, InProcessClient } from '../contract/client-kind.ts';
import { AgentFleet } from './agent-fleet.ts';
import { retryRuleKnobs, timerOnly, zeroIsNever } from './carries-shared.ts';

export const nodeHttp: InProcessClient = {
  id: 'node-http',
  title: 'node:http',
  summary:
    "Node's http.Agent, one per simulated client; evicts by timer only, and reports errors, not packets.",
  carries: clientCarries(
    {
      connection: ['reuse', 'idleCheck', 'pick', 'tcpKeepAliveMs'],
      retry: ['connection', ...retryRuleKnobs],
    },
    {
      'connection.idleTimeoutMs': timerOnly('http.Agent', 'socket timers', zeroIsNever),
      'connection.hintMarginMs': not('http.Agent subtracts its built-in margin from the Keep-Alive hint'),
      'connection.ageMaxMs': not('http.Agent has no maximum connection age'),
      'connection.requestsMax': not('http.Agent has no limit on requests per connection'),
    },
  ),
  open(setup) {
    const options = agentOptions(setup);
    return new AgentFleet(setup, (tls) =>
      setup.endpoint.tls === null ? new http.Agent(options) : new https.Agent({ ...options, ...tls }),
    );
  },
};

export function agentOptions({ policy, limits, settings }: ClientSetup): http.AgentOptions {
  const { reuse, pick, idleTimeoutMs, tcpKeepAliveMs } = policy.connection;
  const { connectionsPerClientMax } = limits;
  const shared = {
    keepAlive: reuse,
    scheduling: pick,
    ...(connectionsPerClientMax === null ? {} : { maxSockets: connectionsPerClientMax }),
  };
  if (settings === 'own') {
    return {
      ...shared,
      timeout: idleTimeoutMs ?? 5_000,
      ...(tcpKeepAliveMs === null ? {} : { keepAliveMsecs: tcpKeepAliveMs }),
    };
  }
  return {
    ...shared,
    timeout: idleTimeoutMs ?? undefined,
    // Node probes on idle sockets whenever it keeps them alive; beyond any trial when nobody asked.
    keepAliveMsecs: tcpKeepAliveMs ?? 7_200_000,
    maxFreeSockets: 65_536,
  };
}
