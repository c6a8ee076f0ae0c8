/**
 * The matrix file, field by field. Every field has its meaning, unit and default in `describe()`,
 * from which the JSON Schema for editors is made. Unknown keys are refused everywhere.
 */
import { z } from 'zod';
import { clientSettings } from '../contract/client-kind.ts';
import { isHostName } from './allowed-host.ts';
import { gapDistribution } from './gap-length.ts';
import { duration, positive, renamed, sizeDistribution } from './matrix-fields.ts';
import { runLengthFields } from './run-length-fields.ts';
import { target } from './target-fields.ts';
import { via } from './via-fields.ts';

const count = z.int();
/** Texts that end up in tables and on terminals. */
const line = z
  .string()
  .min(1)
  .max(60)
  .regex(/^\P{Cc}*$/u, { error: 'expected one line without control characters' });
const clients = count
  .min(1)
  .max(100_000)
  .describe('Simulated clients, each with a connection pool of its own.');

const thinkTime = z.strictObject({
  kind: z.literal('think-time').describe('Each client waits between an answer and its next request.'),
  clients,
  gap: gapDistribution.describe(
    'Idle gap of a warm connection: answer read to next request written. Any length in it may be a share of target.idleTimeout: { uniform: [80%, 110%] }.',
  ),
});

const poisson = z.strictObject({
  kind: z.literal('poisson').describe('Requests come at random, at a mean rate.'),
  clients,
  rate: z.number().positive().max(1_000_000).describe('Requests per second, all clients together.'),
});

const bursts = z.strictObject({
  kind: z.literal('bursts').describe('A burst every period.'),
  clients,
  requests: count.min(1).describe('Requests per burst, assigned to the clients in turn.'),
  period: positive.describe('Time from the start of one burst to the start of the next.'),
  spread: duration.default(0).describe('A burst is spread evenly over this time. Default 0.'),
});

const heartbeat = z.strictObject({
  kind: z.literal('heartbeat').describe('Each client sends once a period: health checks, polling.'),
  clients,
  period: positive.describe('Time between two beats of a client.'),
  jitter: duration
    .default(0)
    .describe('Each beat moves by up to this time in either direction; at most half the period. Default 0.'),
});

const closed = z.strictObject({
  kind: z.literal('closed').describe('Each client sends as soon as its last request is done: saturation.'),
  clients,
  requestsMax: count
    .min(1)
    .max(20_000_000)
    .optional()
    .describe('Maximum number of requests per trial. Default: 150,000 per second, at most 5 million.'),
});

const traffic = z.discriminatedUnion(
  'kind',
  [
    thinkTime,
    renamed(poisson, { rate: 'ratePerSecond' }),
    renamed(bursts, { requests: 'burstRequests', period: 'periodMs', spread: 'spreadMs' }),
    renamed(heartbeat, { period: 'periodMs', jitter: 'jitterMs' }),
    closed,
  ],
  { error: 'kind must be one of think-time, poisson, bursts, heartbeat, closed' },
);

/** RFC 9110, section 5.6.2: a token. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Framing, routing and the ledger stand on these; a client would leave a matrix's own out. */
const ownHeaders = /^(host|content-length|connection|transfer-encoding|x-request-id|idempotency-key)$/i;

const request = z.strictObject({
  weight: z.number().positive().default(1).describe('Relative weight in the mix. Default 1.'),
  method: z
    .string()
    .regex(/^[A-Z]+$/, { error: 'expected a method in capitals, for example POST' })
    .refine((method) => method !== 'CONNECT', { error: 'CONNECT opens a tunnel, which is no request' })
    .default('POST')
    .describe('HTTP method. Default POST, which no client retries by itself.'),
  path: z
    .string()
    .regex(/^\/[\x21\x22\x24-\x7e]*$/, {
      error: 'expected a path that starts with / and has no spaces or #',
    })
    .default('/')
    .describe('Path and query. Default /.'),
  bodyBytes: sizeDistribution.prefault(0).describe('Size of the request body. Default 0.'),
  headers: z
    .record(
      z
        .string()
        .regex(headerName, { error: 'a header name has letters, digits and hyphens only' })
        .refine((name) => !ownHeaders.test(name), { error: 'the harness sets this header itself' }),
      z.string().regex(/^[\t\x20-\x7e]*$/, { error: 'a header value must be printable ASCII on one line' }),
    )
    .default({})
    .describe(
      'Headers in addition to those that the harness sets: Host, Content-Length, Connection, Transfer-Encoding, X-Request-Id, Idempotency-Key. Default none.',
    ),
});

const client = z.strictObject({
  kind: z
    .string()
    .default('lean')
    .describe(
      'Client kind (see "idlerace list clients"), or the path of your driver, for example ./my-driver. Default lean.',
    ),
  settings: z
    .enum(clientSettings)
    .default('policy')
    .describe(
      '"policy": every knob is set as the policy states it. "own": the client keeps its defaults, except for the knobs that the strategy changes. Default policy.',
    ),
  connectionsPerClientMax: count
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Connections that one simulated client may hold; further requests wait in line. Default null: no limit.',
    ),
  connectTimeout: positive.default(2_000).describe('Longest time for a handshake. Default 2s.'),
  requestTimeout: positive
    .default(5_000)
    .describe('Longest time for a request, retries and waiting included. Default 5s.'),
});

const strategyName = z.string().min(1, { error: 'expected a name, for example evict or evict+retry' });

/** A strategy with a label or options. */
export const strategyEntry = z.strictObject({
  use: strategyName.describe('A strategy, a combination such as evict+retry, or the path of a file.'),
  label: line.optional().describe('Name in the reports. Default: the value of use.'),
  options: z
    .record(
      z.string(),
      z.union([z.boolean(), z.number(), z.string(), z.null(), z.array(z.string())], {
        error: 'expected true or false, a number, a text, null, or a list of texts',
      }),
    )
    .default({})
    .describe('Options of the strategy; "idlerace list strategies" shows them. Not for combinations.'),
});

const strategy = z.union([strategyName, strategyEntry], {
  error: 'expected a name, for example evict+retry, or { use, label, options }',
});

/** A margin must cover both lags at once: see docs/law.md. */
const lagAllowance = z.union(
  [
    duration.transform((ms) => ({ serverLagMs: ms, clientLagMs: ms })),
    z
      .strictObject({
        server: duration.describe('How late the server may notice a request.'),
        client: duration.describe('How late the client may read an answer.'),
      })
      .transform(({ server, client }) => ({ serverLagMs: server, clientLagMs: client })),
  ],
  { error: 'expected a duration, for example 50ms, or { server: 20ms, client: 50ms }' },
);

const network = z.strictObject({
  rtt: duration
    .refine((ms) => ms <= 10_000, { error: 'expected at most 10s' })
    .default(0)
    .describe('Round trip that the wire adds between the client and its server. Default 0: no wire.'),
  upstreamRtt: duration
    .refine((ms) => ms <= 10_000, { error: 'expected at most 10s' })
    .default(0)
    .describe('Round trip that a second wire adds between balancer and target; only with via. Default 0.'),
  lagAllowance: lagAllowance
    .prefault('50ms')
    .describe(
      'Lag of server and client that derived margins allow for: one duration for both, or { server, client }. Default 50ms.',
    ),
});

/** What can differ between scenarios, so that a sweep can vary it; every other field belongs to the whole run. */
export const scenarioFields = {
  target: target.describe('The server that receives the load.'),
  via: via.nullable().default(null).describe('A balancer between client and target. Default null: none.'),
  network: renamed(network, { rtt: 'rttMs', upstreamRtt: 'upstreamRttMs' })
    .prefault({})
    .describe('The network between client and target.'),
  traffic: traffic.describe('When the clients send requests.'),
  request: z
    .union([request, z.array(request).min(1).max(255)], {
      error: 'expected one kind of request, for example { method: POST, path: / }, or a list of them',
    })
    .prefault({})
    .describe('The requests: one kind, or a list of kinds with weights.')
    .transform((kinds) =>
      (Array.isArray(kinds) ? kinds : [kinds]).map(({ weight, bodyBytes, ...template }) => ({
        weight,
        template,
        bodyBytes,
      })),
    ),
  client: renamed(client, { connectTimeout: 'connectTimeoutMs', requestTimeout: 'requestTimeoutMs' })
    .prefault({})
    .describe('The clients that send the requests.'),
};

export const matrix = z.strictObject({
  name: line.optional().describe("Name of the run. Default: the file's name."),
  seed: count.min(0).default(1).describe('Everything drawn comes from it: same seed, same load. Default 1.'),
  ...runLengthFields,
  generators: count
    .min(1)
    .max(64)
    .default(1)
    .describe(
      'Generator processes that the clients are spread over; each wants a CPU of its own. Default 1.',
    ),
  warmup: duration
    .default(1_000)
    .describe('Time at the start of each trial that is not counted. Default 1s.'),
  duration: positive.default(5_000).describe('Measured time of each trial. Default 5s.'),
  ...scenarioFields,
  strategies: z.array(strategy).min(1).max(50).describe('What is compared.'),
  reference: z
    .string()
    .optional()
    .describe('Label of the strategy that the others are compared with. Default: the first.'),
  sweep: z
    .record(z.string(), z.array(z.unknown()).min(1))
    .default({})
    .describe('Dotted path of a field → values; every combination becomes a scenario.'),
  allowHosts: z
    .array(
      z.string().refine(isHostName, {
        error: 'expected only a host name or address, for example staging.example.com',
      }),
    )
    .default([])
    .describe('Hosts beside loopback that requests may go to. Default none.'),
});

export type Matrix = z.output<typeof matrix>;
