/** What a matrix file can say under `via`: a balancer between client and target, with the knobs that decide the race on its second hop. */
import { z } from 'zod';
import { httpReuseModes, nextUpstreamCases, retryOnCases } from '../contract/balancer.ts';
import { positive, renamed } from './matrix-fields.ts';

const connectionsMax = z.int().min(1).max(65_536);

const clientIdleTimeout = positive
  .default(75_000)
  .describe('How long it keeps an idle connection of a client. Default 75s.');

const nginx = z.strictObject({
  kind: z.literal('nginx').describe('nginx with upstream keep-alive.'),
  clientIdleTimeout,
  upstreamIdleTimeout: positive
    .default(60_000)
    .describe(
      'keepalive_timeout of the upstream block: how long it keeps an idle connection to the target. Default 60s.',
    ),
  upstreamConnectionsMax: connectionsMax
    .default(512)
    .describe('keepalive: idle connections kept to the target. Default 512.'),
  upstreamRequestsMax: z
    .int()
    .min(1)
    .default(1_000_000)
    .describe('keepalive_requests of the upstream block. Default 1,000,000 (nginx ships 1,000).'),
  nextUpstream: z
    .array(z.enum(nextUpstreamCases))
    .default(['error', 'timeout'])
    .describe('proxy_next_upstream: when a request is sent on again; empty: never. Default error, timeout.'),
});

const haproxy = z.strictObject({
  kind: z.literal('haproxy').describe('HAProxy with server connection reuse.'),
  clientIdleTimeout,
  httpReuse: z.enum(httpReuseModes).default('safe').describe('http-reuse. Default safe, as HAProxy ships.'),
  retryOn: z
    .array(z.enum(retryOnCases))
    .default(['conn-failure'])
    .describe(
      'retry-on: when a request is sent again; empty: never. Default conn-failure, as HAProxy ships.',
    ),
  retriesMax: z.int().min(0).max(10).default(3).describe('retries. Default 3, as HAProxy ships.'),
  upstreamConnectionsMax: connectionsMax
    .default(512)
    .describe('pool-max-conn: idle connections kept to the target. Default 512.'),
  poolPurgeDelay: positive
    .default(5_000)
    .describe(
      'pool-purge-delay: half of the surplus is closed each such period. Default 5s, as HAProxy ships.',
    ),
});

const idle = { clientIdleTimeout: 'clientIdleTimeoutMs' } as const;

export const via = z.discriminatedUnion(
  'kind',
  [
    renamed(nginx, { ...idle, upstreamIdleTimeout: 'upstreamIdleTimeoutMs' }),
    renamed(haproxy, { ...idle, poolPurgeDelay: 'poolPurgeDelayMs' }),
  ],
  { error: 'kind must be nginx or haproxy' },
);
