/** The part of `summary.json` that repeats the configuration of the run, every default filled in. */
import { z } from 'zod';
import { httpReuseModes, nextUpstreamCases, retryOnCases } from '../../harness/contract/balancer.ts';
import { clientSettings } from '../../harness/contract/client-kind.ts';
import type { Distribution } from '../../harness/contract/distribution.ts';
import { faultKinds } from '../../harness/contract/fault.ts';
import { knobs } from '../../harness/contract/knobs.ts';
import type { Settings, ValuesOf } from '../../harness/contract/setting.ts';
import { comparedMetrics } from '../../harness/contract/summary.ts';
import { each, flag, list, number, numberOrNull, object, text } from './schema-parts.ts';

const distribution: z.ZodType<Distribution> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      object({ kind: z.literal('fixed'), value: number }),
      object({ kind: z.literal('uniform'), min: number, max: number }),
      object({ kind: z.literal('normal'), mean: number, sd: number }),
      object({ kind: z.literal('lognormal'), median: number, sigma: number }),
      object({ kind: z.literal('exponential'), mean: number }),
      object({ kind: z.literal('mixture'), parts: list(object({ weight: number, of: distribution })) }),
    ]),
  )
  .meta({ id: 'Distribution', description: 'In the unit that the name of its field ends with' });

const idleTimeoutMs = numberOrNull.describe('null: none');
const faults = z
  .partialRecord(z.enum(faultKinds), number)
  .describe('Requests of a trial that get each fault');

const target = z.discriminatedUnion('kind', [
  object({
    kind: z.literal('embedded'),
    idleTimeoutMs,
    idleJitterMs: number,
    tls: flag,
    insecure: flag,
    advertise: z.union([z.literal('idle-timeout'), number]).nullable(),
    serviceMs: distribution,
    serviceBy: z.enum(['wait', 'burn']),
    responseBytes: distribution,
    faults,
    faultMs: number,
  }),
  object({
    kind: z.literal('go'),
    idleTimeoutMs,
    idleTimeoutBy: z.enum(['IdleTimeout', 'ReadTimeout']),
    serviceMs: distribution,
    responseBytes: distribution,
    faults,
    faultMs: number,
  }),
  object({
    kind: z.literal('nginx'),
    idleTimeoutMs,
    requestsPerConnectionMax: number,
    responseBytes: number,
  }),
  object({ kind: z.literal('command'), command: list(text), idleTimeoutMs, readyWithinMs: number }),
  object({
    kind: z.literal('url'),
    url: text,
    idleTimeoutMs,
    insecure: flag,
    pid: numberOrNull,
    metricsUrl: text.nullable(),
  }),
]);

const via = z.discriminatedUnion('kind', [
  object({
    kind: z.literal('nginx'),
    clientIdleTimeoutMs: number,
    upstreamIdleTimeoutMs: number,
    upstreamConnectionsMax: number,
    upstreamRequestsMax: number,
    nextUpstream: list(z.enum(nextUpstreamCases)),
  }),
  object({
    kind: z.literal('haproxy'),
    clientIdleTimeoutMs: number,
    httpReuse: z.enum(httpReuseModes),
    retryOn: list(z.enum(retryOnCases)),
    retriesMax: number,
    upstreamConnectionsMax: number,
    poolPurgeDelayMs: number,
  }),
]);

const traffic = z.discriminatedUnion('kind', [
  object({ kind: z.literal('think-time'), clients: number, gapMs: distribution }),
  object({ kind: z.literal('poisson'), clients: number, ratePerSecond: number }),
  object({
    kind: z.literal('bursts'),
    clients: number,
    burstRequests: number,
    periodMs: number,
    spreadMs: number,
  }),
  object({ kind: z.literal('heartbeat'), clients: number, periodMs: number, jitterMs: number }),
  object({ kind: z.literal('closed'), clients: number, requestsMax: number }),
]);

export const axes = z
  .record(text, z.union([text, number, flag]))
  .describe('Swept field → value as written; empty without a sweep');

export const scenarioConfig = object({
  id: text,
  axes,
  target,
  via: via.nullable().describe('Balancer between client and target; null: none'),
  network: object({ rttMs: number, upstreamRttMs: number }),
  traffic,
  requests: list(
    object({
      weight: number,
      template: object({ method: text, path: text, headers: z.record(text, text) }),
      bodyBytes: distribution,
    }),
  ),
  client: object({
    kind: text,
    settings: z.enum(clientSettings),
    connectionsPerClientMax: numberOrNull,
    connectTimeoutMs: number,
    requestTimeoutMs: number,
  }),
  lagAllowance: object({ serverLagMs: number, clientLagMs: number }).describe('Lags that margins allow for'),
}).meta({ id: 'ScenarioConfig' });

export const policy = object({
  connection: part(knobs.connection),
  retry: part(knobs.retry),
  server: part(knobs.server),
}).meta({ id: 'Policy', description: 'How the client manages connections, and the server its idle ones' });

function part<Rows extends Settings>(rows: Rows) {
  const fields = Object.entries(rows).map(([name, { schema, says }]) => [
    name,
    z.fromJSONSchema(schema).describe(says),
  ]);
  return object(Object.fromEntries(fields)) as z.ZodType<ValuesOf<Rows>>;
}

const until = object({
  goal: z.discriminatedUnion('kind', [
    object({ kind: z.literal('decided') }),
    object({
      kind: z.literal('width'),
      metric: z.enum(comparedMetrics),
      strategy: text,
      halfWidth: number,
    }),
  ]),
  timeMsMax: numberOrNull,
});

export const runConfig = object({
  name: text,
  seed: number,
  rounds: number.describe('With `until`, the most rounds that the run may take'),
  until: until.nullable().describe('null: exactly `rounds` rounds'),
  repeatUnhealthyMax: number,
  worthwhile: object({
    errorRate: z.union([number, object({ ofReference: number, min: number })]),
    ...each(['p50', 'p99', 'cpu', 'connections', 'throughput'], number).shape,
  }).describe('Differences below these are not worth a decision'),
  generators: number,
  warmupMs: number,
  durationMs: number,
  strategies: list(
    object({
      label: text,
      parts: list(
        object({
          use: text,
          options: z.record(text, z.union([flag, number, text, z.null(), list(text)])),
        }),
      ),
    }),
  ),
  reference: text.describe('Label of the strategy that the others are compared with'),
  scenarios: list(scenarioConfig),
  allowHosts: list(text),
}).meta({ id: 'RunConfig' });
