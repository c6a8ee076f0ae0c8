/**
 * Every knob: how a client manages its connections, when it sends a request again, and how long the server keeps an
 * idle connection. A row has the rule, the value in the reference policy, and what the knob does. Types, checks, the
 * dry run, reports, and tables of the docs come from here; every client kind must decide on each row (`carries.ts`).
 */
import { outcomes } from './outcome.ts';
import { flag, listOf, method, ms, oneOf, orNull, type Setting, setting, wholeNumber } from './setting.ts';

/** They say how `connection.idleTimeoutMs` and a retry are carried out, and change nothing without one. */
const ofIdleTimeout = 'connection.idleTimeoutMs';
const ofRetry = 'retry.attemptsMax';

export const knobs = {
  connection: {
    reuse: setting(
      flag,
      true,
      'Keep connections for later requests; false sends `Connection: close` with each.',
    ),
    idleTimeoutMs: setting(
      orNull(ms(0)),
      null,
      'Idle age from which a connection is not used again; null: never.',
    ),
    idleCheck: setting(
      oneOf('checkout', 'timer'),
      'checkout',
      '`checkout`: test the age when a connection is taken, and sweep old ones. `timer`: the sweep alone.',
      ofIdleTimeout,
    ),
    hintMarginMs: setting(
      orNull(ms(0)),
      null,
      'Follow `Keep-Alive: timeout=N`: the idle timeout of that connection is N s minus this; null: ignore it.',
    ),
    ageMaxMs: setting(orNull(ms(0)), null, 'Age from which a connection is not used again; null: no limit.'),
    requestsMax: setting(
      orNull(wholeNumber(1, 2 ** 32 - 1)),
      null,
      'Requests per connection; null: no limit.',
    ),
    pick: setting(
      oneOf('lifo', 'fifo'),
      'lifo',
      'Take the connection used last (`lifo`) or idle longest (`fifo`).',
    ),
    // Kernels count whole seconds.
    tcpKeepAliveMs: setting(
      orNull(ms(1_000)),
      null,
      'Delay before and between TCP keep-alive probes; null: none.',
    ),
  },
  retry: {
    // Samples count the attempts at a request in one byte.
    attemptsMax: setting(wholeNumber(1, 255), 1, 'Attempts per request, the first included; 1: no retry.'),
    methods: setting(
      orNull(listOf(method, 'methods in capitals, such as "POST"')),
      null,
      'Methods that may be sent again; null: any.',
      ofRetry,
    ),
    on: setting(
      listOf(oneOf(...outcomes), `outcomes (${outcomes.join(', ')})`),
      [],
      'Outcomes of an attempt after which the request is sent again.',
      ofRetry,
    ),
    connection: setting(
      oneOf('fresh', 'pooled'),
      'fresh',
      'Send again on a new connection, or on any.',
      ofRetry,
    ),
    backoffMs: setting(
      ms(0),
      0,
      'Wait before the second attempt; it doubles with each further one.',
      ofRetry,
    ),
    idempotencyKey: setting(
      flag,
      false,
      'Send an `Idempotency-Key`, the same for all attempts at a request.',
    ),
  },
  server: {
    // 0 would mean "never" to node:http. The scenario sets the reference value.
    idleTimeoutMs: setting(
      orNull(ms(1)),
      null,
      "The target's idle timeout, from its last response on; null: none.",
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
