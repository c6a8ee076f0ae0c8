/** What a matrix file can say under `target`, kind by kind. */
import { z } from 'zod';
import { faultFields } from './fault-fields.ts';
import { duration, durationDistribution, positive, renamed, sizeDistribution } from './matrix-fields.ts';

const none = z.literal('none').transform(() => null);

const idleTimeout = z
  .union([none, duration.refine((ms) => ms >= 1, { error: 'expected at least 1ms, or none' })], {
    error: 'expected a duration, for example 500ms, or none',
  })
  .describe(
    'The server closes a connection that was idle for this long, counted from its last response; none: never.',
  );

const knownIdleTimeout = idleTimeout.describe(
  'What the server is known to be set to; it cannot be set from here. "idlerace probe URL" finds it out.',
);

const faults = faultFields
  .default({})
  .describe(
    'Faults committed on purpose: kind → number of measured requests of each trial that suffer it. Which ones is drawn from the seed, the same for all strategies of a round. Not for closed traffic. Default none.',
  );

const faultTime = positive
  .default(1_000)
  .describe('How long "refuse", "freeze", "restart" and "crash" last. Default 1s.');

const service = durationDistribution.prefault('0ms').describe('Time to produce a response. Default 0ms.');
const responseBytes = sizeDistribution.prefault(128).describe('Size of the response body. Default 128.');
const insecure = z.boolean().default(false).describe('Do not verify the certificate. Default false.');

const embedded = z.strictObject({
  kind: z.literal('embedded').describe('The embedded server, in a process of its own.'),
  idleTimeout,
  idleJitter: duration
    .default(0)
    .describe("Each connection's timeout is longer than idleTimeout by 0 to this, uniformly. Default 0."),
  tls: z
    .boolean()
    .default(false)
    .describe('https, with a self-signed certificate made on the fly. Default false.'),
  insecure: insecure.describe('Do not verify the certificate; only with tls. Default false.'),
  advertise: z
    .union([z.boolean(), duration], { error: 'expected true, false, or a duration, for example 2s' })
    .default(true)
    .describe(
      'Send "Keep-Alive: timeout=N", whole seconds; none is sent below one second. true: the idle timeout. A duration: that one instead, which makes the rest of idleTimeout a grace period. Default true.',
    )
    .transform((advertise) => {
      if (advertise === true) return 'idle-timeout';
      return advertise === false ? null : advertise;
    }),
  service: z
    .strictObject({
      time: service,
      by: z.enum(['wait', 'burn']).default('wait').describe('"wait" on a timer or "burn" CPU. Default wait.'),
    })
    .prefault({})
    .describe('How long a response takes to produce.'),
  responseBytes,
  faults,
  faultTime,
});

const go = z.strictObject({
  kind: z.literal('go').describe("Go's net/http server; wants Go to build it."),
  idleTimeout,
  idleTimeoutBy: z
    .enum(['IdleTimeout', 'ReadTimeout'])
    .default('IdleTimeout')
    .describe(
      'The field of http.Server that says so: without IdleTimeout it falls back to ReadTimeout. Default IdleTimeout.',
    ),
  service: z
    .strictObject({ time: service })
    .prefault({})
    .describe('How long a response takes to produce.')
    .transform(({ time }) => time),
  responseBytes,
  faults,
  faultTime,
});

const nginx = z.strictObject({
  kind: z.literal('nginx').describe('nginx as the origin; its access log is the ledger.'),
  idleTimeout,
  requestsPerConnectionMax: z
    .int()
    .min(1)
    .default(1_000_000)
    .describe(
      'keepalive_requests: it closes a connection after so many. Default 1,000,000 (nginx ships 1,000).',
    ),
  responseBytes: z.int().min(0).max(65_536).default(128).describe('Size of the response body. Default 128.'),
});

const command = z.strictObject({
  kind: z.literal('command').describe('A server of your own, started for each trial.'),
  command: z
    .array(z.string().min(1))
    .min(1)
    .refine((words) => words.some((word) => word.includes('{port}')), {
      error: 'one word must contain {port}',
    })
    .describe(
      'The program and its arguments. {host}, {port} and {idleTimeoutMs} are replaced; no shell reads it.',
    ),
  idleTimeout: idleTimeout.describe('What {idleTimeoutMs} is, or what the server is known to be set to.'),
  readyWithin: positive.default(10_000).describe('Longest time until it answers a request. Default 10s.'),
});

const url = z.strictObject({
  kind: z.literal('url').describe('A server that is already running.'),
  url: z
    .url({ protocol: /^https?$/, error: 'expected a URL, for example http://127.0.0.1:8080' })
    .describe('Where it is. Its host must be loopback or stand in allowHosts. Paths belong to request.path.'),
  idleTimeout: knownIdleTimeout,
  insecure,
  pid: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Its process on this machine, whose cost is then measured. Default null: not available.'),
  metrics: z
    .url({ protocol: /^https?$/, error: 'expected a URL, for example http://127.0.0.1:9090/metrics' })
    .nullable()
    .default(null)
    .describe('Its Prometheus endpoint, for CPU and memory. Default null: not available.'),
});

const idle = { idleTimeout: 'idleTimeoutMs' } as const;

export const target = z.discriminatedUnion(
  'kind',
  [
    renamed(embedded, { ...idle, idleJitter: 'idleJitterMs', faultTime: 'faultMs' }).transform(
      ({ service, responseBytes, faults, faultMs, ...rest }) => {
        return { ...rest, serviceMs: service.time, serviceBy: service.by, responseBytes, faults, faultMs };
      },
    ),
    renamed(go, { ...idle, service: 'serviceMs', faultTime: 'faultMs' }),
    renamed(nginx, idle),
    renamed(command, { ...idle, readyWithin: 'readyWithinMs' }),
    renamed(url, { ...idle, metrics: 'metricsUrl' }),
  ],
  { error: 'kind must be one of embedded, go, nginx, command, url' },
);
