/**
 * Every knob: how a client manages its connections, when it sends a request again, and how long the server keeps an
 * idle connection. A row has the rule, the value in the reference policy, and what the knob does. Types, checks, the
 * dry run, reports, and tables of the docs come from here. Every client kind must state how it carries out each row
 * (`carries.ts`).
 */
import { outcomes } from './outcome.ts';
import { flag, listOf, method, ms, oneOf, orNull, type Setting, setting, wholeNumber } from './setting.ts';

/** The knobs that some other knobs refine: those have no effect while these have their reference values. */
const ofIdleTimeout = 'connection.idleTimeoutMs';
const ofRetry = 'retry.attemptsMax';

export const knobs = {
  connection: {
    reuse: setting(
      flag,
      true,
      'Keep connections for later requests; false: send `Connection: close` with each request.',
    ),
    idleTimeoutMs: setting(
      orNull(ms(0)),
      null,
      'Idle age at which a connection is no longer reused; null: no limit.',
    ),
    idleCheck: setting(
      oneOf('checkout', 'timer'),
      'checkout',
      '`checkout`: check the idle age when a connection is taken, and sweep old connections. `timer`: sweep only.',
      ofIdleTimeout,
    ),
    hintMarginMs: setting(
      orNull(ms(0)),
      null,
      'Follow `Keep-Alive: timeout=N`: the idle timeout of that connection is N s minus this value; null: ignore the hint.',
    ),
    ageMaxMs: setting(orNull(ms(0)), null, 'Age at which a connection is no longer reused; null: no limit.'),
    requestsMax: setting(
      orNull(wholeNumber(1, 2 ** 32 - 1)),
      null,
      'Maximum number of requests per connection; null: no limit.',
    ),
    pick: setting(
      oneOf('lifo', 'fifo'),
      'lifo',
      'Take the idle connection that was used last (`lifo`) or that is idle longest (`fifo`).',
    ),
    // Kernels count whole seconds.
    tcpKeepAliveMs: setting(
      orNull(ms(1_000)),
      null,
      'Idle time before the first TCP keep-alive probe, and between probes; null: no probes.',
    ),
  },
  retry: {
    // Samples count the attempts at a request in one byte.
    attemptsMax: setting(
      wholeNumber(1, 255),
      1,
      'Maximum number of attempts per request, including the first; 1: no retry.',
    ),
    methods: setting(
      orNull(listOf(method, 'methods in capitals, such as "POST"')),
      null,
      'Methods that may be retried; null: any method.',
      ofRetry,
    ),
    on: setting(
      listOf(oneOf(...outcomes), `outcomes (${outcomes.join(', ')})`),
      [],
      'Outcomes of an attempt that cause a retry.',
      ofRetry,
    ),
    connection: setting(
      oneOf('fresh', 'pooled'),
      'fresh',
      'Retry on a new connection (`fresh`) or on any connection in the pool (`pooled`).',
      ofRetry,
    ),
    backoffMs: setting(
      ms(0),
      0,
      'Wait before the second attempt; it doubles before each further attempt.',
      ofRetry,
    ),
    idempotencyKey: setting(
      flag,
      false,
      'Send an `Idempotency-Key` header, with the same key for all attempts of a request.',
    ),
  },
  server: {
    // 0 would mean "never" to node:http. The scenario sets the reference value.
    idleTimeoutMs: setting(
      orNull(ms(1)),
      null,
      'Idle timeout of the target, counted from its last response; null: no timeout.',
    ),
  },
};

type Parts = typeof knobs;
/** `connection.reuse`, and so on. */
export type Knob = { [Part in keyof Parts]: `${Part}.${keyof Parts[Part] & string}` }[keyof Parts];
export type ServerKnob = Extract<Knob, `server.${string}`>;
export type ClientKnob = Exclude<Knob, ServerKnob>;

/** Knobs by part, for example `{ connection: ['reuse'], server: ['idleTimeoutMs'] }`. */
export type KnobNames = { readonly [Part in keyof Parts]?: readonly (keyof Parts[Part])[] };
export type KnobIn<Names extends KnobNames> = {
  [Part in keyof Names]: Names[Part] extends readonly (infer Name extends string)[]
    ? `${Part & string}.${Name}`
    : never;
}[keyof Names];

/** Dotted name → row, in the order of the table. */
export const knobRows: ReadonlyMap<string, Setting> = new Map(
  Object.entries(knobs).flatMap(([part, rows]) =>
    Object.entries<Setting>(rows).map(([name, row]): [string, Setting] => [`${part}.${name}`, row]),
  ),
);
