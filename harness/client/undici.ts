/**
 * The npm package undici behind the same contract: a `Pool` per simulated client, and its `RetryAgent` where the
 * policy retries. Its own settings: 4 s idle, the server's hint less 2 s.
 *
 * Its pool takes the first connection of its list that is free, which is LIFO as long as few are busy.
 */
import type { buildConnector } from 'undici';
import { clientCarries, partly } from '../contract/carries.ts';
import type { InProcessClient } from '../contract/client-kind.ts';
import type { RetryPolicy } from '../contract/policy.ts';
import { retryRuleKnobs } from './carries-shared.ts';
import { decideRetry } from './retry.ts';
import { type RequestFate, UndiciFleet, type UndiciSender } from './undici-fleet.ts';
import { undiciKnobs, undiciLimits, undiciOptions } from './undici-options.ts';

let library: typeof import('undici') | null = null;

export const undici: InProcessClient = {
  id: 'undici',
  title: 'undici',
  summary:
    'The npm package, a Pool per simulated client; evicts by timer, follows hints, and retries with its RetryAgent.',
  carries: clientCarries(
    { connection: undiciKnobs, retry: retryRuleKnobs },
    {
      ...undiciLimits('undici'),
      'retry.connection': partly(({ retry }) =>
        retry.attemptsMax === 1 || retry.connection === 'pooled'
          ? null
          : 'undici retries on any connection of its pool',
      ),
    },
  ),
  async load() {
    library = await import('undici');
  },
  open(setup) {
    if (library === null) throw new Error('opened before it was loaded');
    const { Pool, RetryAgent } = library;
    const { plan, endpoint, policy } = setup;
    const options = undiciOptions(setup);
    const origin = `${endpoint.tls === null ? 'http' : 'https'}://${endpoint.authority}`;
    return new UndiciFleet(setup, (sockets, fate): UndiciSender => {
      const pools = Array.from({ length: plan.clients }, (_, client) => {
        const connect = sockets.connector(client) as buildConnector.connector;
        const pool = new Pool(origin, { ...options, connect });
        if (policy.retry.attemptsMax === 1) return pool;
        return new RetryAgent(pool, retryOptions(policy.retry, fate));
      });
      return {
        async send(client, request) {
          const { statusCode, body } = await pools[client].request(request);
          await body.arrayBuffer();
          return statusCode;
        },
        async close() {
          await Promise.all(pools.map((pool) => pool.destroy().catch(() => {})));
        },
      };
    });
  },
};

/** Statuses are answers here, and what may be sent again is the policy's rule and not undici's list of codes. */
function retryOptions(policy: RetryPolicy, fate: (request: number) => RequestFate) {
  return {
    maxRetries: policy.attemptsMax - 1,
    statusCodes: [],
    retry(
      error: Error,
      { opts }: { opts: { method?: string; headers?: unknown } },
      proceed: (error?: Error | null) => void,
    ) {
      const headers = opts.headers as Record<string, string>;
      const { attempts, lastDeath } = fate(Number(headers['x-request-id']));
      const decision = decideRetry(policy, opts.method ?? 'GET', attempts, lastDeath ?? 'protocol');
      if (!decision.again) proceed(error);
      else setTimeout(() => proceed(null), decision.waitMs);
      return null;
    },
  };
}
