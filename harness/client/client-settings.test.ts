/** Policy → what each library is told, as tables. */
import { expect, test } from 'vitest';
import type { ClientSettings, ClientSetup } from '../contract/client-kind.ts';
import { type PolicyChange, referencePolicy } from '../contract/policy.ts';
import { agentkeepaliveOptions } from './agentkeepalive.ts';
import { agentOptions } from './node-http.ts';
import { undiciOptions } from './undici-options.ts';

function setup(
  change: PolicyChange,
  settings: ClientSettings,
  connectionsPerClientMax: number | null = null,
) {
  const reference = referencePolicy(500);
  return {
    policy: { ...reference, connection: { ...reference.connection, ...change.connection } },
    limits: { connectionsPerClientMax, connectTimeoutMs: 1, requestTimeoutMs: 1 },
    settings,
  } as ClientSetup;
}

const evict = { connection: { idleTimeoutMs: 440, idleCheck: 'timer' } } as const;
const shortLived = { connection: { reuse: false } } as const;
const never = 2 ** 31 - 1;

test.each([
  [{}, 'own', null, { keepAlive: true, scheduling: 'lifo', timeout: 5_000 }],
  [evict, 'own', 7, { keepAlive: true, timeout: 440, maxSockets: 7 }],
  [shortLived, 'own', null, { keepAlive: false }],
  [{}, 'policy', null, { keepAlive: true, timeout: undefined, keepAliveMsecs: 7_200_000 }],
  [evict, 'policy', null, { keepAlive: true, timeout: 440 }],
  [
    { connection: { pick: 'fifo', tcpKeepAliveMs: 3_000 } },
    'policy',
    2,
    { scheduling: 'fifo', keepAliveMsecs: 3_000, maxSockets: 2 },
  ],
] as const)('agentOptions() of %j with %s settings', (change, settings, limit, expected) => {
  expect(agentOptions(setup(change, settings, limit))).toMatchObject(expected);
});

test.each([
  [{}, 'own', {}],
  [evict, 'own', { freeSocketTimeout: 440 }],
  [{ connection: { ageMaxMs: 9_000 } }, 'own', { socketActiveTTL: 9_000 }],
  [{}, 'policy', { keepAlive: true, freeSocketTimeout: never, timeout: never, socketActiveTTL: 0 }],
  [shortLived, 'policy', { keepAlive: false }],
] as const)('agentkeepaliveOptions() of %j with %s settings', (change, settings, expected) => {
  const options = agentkeepaliveOptions(setup(change, settings));
  expect(options).toMatchObject(expected);
  if (settings === 'own') expect(Object.keys(options).sort()).toEqual(Object.keys(expected).sort());
});

test.each([
  [{}, 'own', { pipelining: 1 }],
  [evict, 'own', { pipelining: 1, keepAliveTimeout: 440 }],
  [{ connection: { hintMarginMs: 100 } }, 'own', { pipelining: 1, keepAliveTimeoutThreshold: 100 }],
  [shortLived, 'own', { pipelining: 0 }],
  [{}, 'policy', { keepAliveTimeout: never, keepAliveMaxTimeout: never, keepAliveTimeoutThreshold: -never }],
  [evict, 'policy', { keepAliveTimeout: 440, keepAliveMaxTimeout: 440, keepAliveTimeoutThreshold: -never }],
  [{ connection: { ageMaxMs: 9, requestsMax: 3 } }, 'policy', { clientTtl: 9, maxRequestsPerClient: 3 }],
] as const)('undiciOptions() of %j with %s settings', (change, settings, expected) => {
  const options = undiciOptions(setup(change, settings));
  expect(options).toMatchObject(expected);
  if (settings === 'own') expect(options).toEqual(expected);
});
