/**
 * Node's own client behind the same contract: `node:http` with one `http.Agent` per simulated client.
 *
 * It is what most Node services use, so its figures are what they would see. Its pool cannot check an age at
 * checkout; what it cannot carry out it refuses by name. Its own settings are those of `http.globalAgent`:
 * kept connections, LIFO, 5 s on the socket.
 */
import http from 'node:http';
import https from 'node:https';
import type { ClientSetup, InProcessClient } from '../contract/client-kind.ts';
import type { Policy } from '../contract/policy.ts';
import { AgentFleet } from './agent-fleet.ts';
import { changedConnection } from './own-settings.ts';

export const nodeHttp: InProcessClient = {
  id: 'node-http',
  title: 'node:http',
  summary: "Node's http.Agent, one per simulated client; evicts by timer only, sees errors and not packets.",
  refusals,
  open(setup) {
    const options = agentOptions(setup);
    return new AgentFleet(setup, () =>
      setup.endpoint.tls === null ? new http.Agent(options) : new https.Agent(options),
    );
  },
};

function refusals({ connection }: Policy): string[] {
  const reasons: string[] = [];
  if (connection.idleTimeoutMs !== null && connection.idleCheck === 'checkout') {
    reasons.push(
      'connection.idleTimeoutMs: http.Agent has no age check at checkout, only socket timers; evict with the option checkedAt: timer is what it can do',
    );
  }
  if (connection.hintMarginMs !== null) {
    reasons.push(
      'connection.hintMarginMs: http.Agent subtracts a margin of its own from the Keep-Alive hint',
    );
  }
  if (connection.ageMaxMs !== null) reasons.push('connection.ageMaxMs: http.Agent knows no maximum age');
  if (connection.requestsMax !== null) {
    reasons.push('connection.requestsMax: http.Agent knows no maximum number of requests');
  }
  return reasons;
}

export function agentOptions({ policy, limits, settings }: ClientSetup): http.AgentOptions {
  const { connectionsPerClientMax } = limits;
  const limit = connectionsPerClientMax === null ? {} : { maxSockets: connectionsPerClientMax };
  if (settings === 'own') {
    const { reuse, pick, idleTimeoutMs, tcpKeepAliveMs } = changedConnection(policy);
    return {
      keepAlive: reuse ?? true,
      scheduling: pick ?? 'lifo',
      timeout: idleTimeoutMs ?? 5_000,
      ...(tcpKeepAliveMs == null ? {} : { keepAliveMsecs: tcpKeepAliveMs }),
      ...limit,
    };
  }
  const { reuse, pick, idleTimeoutMs, tcpKeepAliveMs } = policy.connection;
  return {
    keepAlive: reuse,
    scheduling: pick,
    timeout: idleTimeoutMs ?? undefined,
    // Node probes on idle sockets whenever it keeps them alive; beyond any trial when nobody asked.
    keepAliveMsecs: tcpKeepAliveMs ?? 7_200_000,
    maxFreeSockets: 65_536,
    ...limit,
  };
}
