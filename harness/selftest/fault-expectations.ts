/**
 * What must become of a request that suffers a fault: the oracle's knowledge, as a table.
 *
 * A death without a response byte is the idle race on a reused connection, and an ordinary failure on
 * a fresh one; that is why most faults have two outcomes.
 */
import type { FaultKind } from '../contract/fault.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { CloseCause, DeathSign } from '../contract/samples.ts';

export type Carrier = 'reused' | 'fresh';

/** How one request ended, expected or observed, in everything that is compared. */
export interface RequestEnd {
  readonly outcome: Outcome;
  /** Attempts that died, in order. */
  readonly deaths: readonly { readonly outcome: Outcome; readonly sign: DeathSign }[];
  /** Times executed, as the target's ledger says. */
  readonly executed: number;
  /** How the connection of the faulted attempt was closed; null: not looked at. */
  readonly cause: CloseCause | null;
  /** The client's next request; null: there is none, or it is not looked at. */
  readonly next: NextRequest | null;
}

export type NextRequest = 'ok on the same connection' | 'ok on a fresh connection' | 'not ok';

/** What one fault does to one request, without retries. */
export interface FaultEnd {
  readonly outcome: Outcome;
  /** null: the attempt was answered. */
  readonly sign: DeathSign | null;
  readonly executed: number;
  readonly cause: CloseCause | null;
  readonly next: NextRequest | null;
}

interface FaultRow extends Omit<FaultEnd, 'outcome'> {
  readonly kind: FaultKind;
  readonly outcome: Readonly<Record<Carrier, Outcome>>;
}

const same = 'ok on the same connection';
const fresh = 'ok on a fresh connection';

/** Without retries, and by a client that honours the hints of a `Keep-Alive` header. */
const faultRows: readonly FaultRow[] = [
  //  fault              on a reused connection, on a fresh one; sign; executed; closed as; next request
  row('fin-unexecuted', ['idle-race', 'eof'], 'fin', 0, 'server-race', null),
  row('fin-executed', ['idle-race', 'eof'], 'fin', 1, 'server-race', null),
  row('rst-unexecuted', ['idle-race', 'reset'], 'rst', 0, 'server-race', null),
  row('rst-executed', ['idle-race', 'reset'], 'rst', 1, 'server-race', null),
  row('half-close', ['idle-race', 'eof'], 'fin', 0, 'server-race', null),
  row('black-hole', ['timeout', 'timeout'], 'timeout', 0, 'failed', null),
  row('no-close-notify', ['idle-race', 'eof'], 'fin', 1, 'server-race', null),
  row('close-in-head', ['eof', 'eof'], 'fin', 1, 'server-race', null),
  row('close-in-body', ['eof', 'eof'], 'fin', 1, 'server-race', null),
  row('close-in-chunk', ['eof', 'eof'], 'fin', 1, 'server-race', null),
  row('malformed-status', ['protocol', 'protocol'], 'protocol', 1, 'failed', null),
  row('status-500', ['status', 'status'], null, 1, null, same),
  row('idle-fin', ['ok', 'ok'], null, 1, 'server-idle', fresh),
  row('lying-keep-alive', ['ok', 'ok'], null, 1, 'server-idle', fresh),
  row('hint-too-long', ['ok', 'ok'], null, 1, 'server-idle', fresh),
  row('hint-too-short', ['ok', 'ok'], null, 1, 'evicted', fresh),
  row('refuse', ['ok', 'ok'], null, 1, null, same),
];

function row(
  kind: FaultKind,
  [reused, onFresh]: readonly [Outcome, Outcome],
  sign: DeathSign | null,
  executed: number,
  cause: CloseCause | null,
  next: NextRequest | null,
): FaultRow {
  return { kind, outcome: { reused, fresh: onFresh }, sign, executed, cause, next };
}

export interface FaultCircumstances {
  readonly carrier: Carrier;
  /** One retry on a fresh connection, which is served. */
  readonly retried: boolean;
  /** What is known to be different, in place of the row's. */
  readonly different?: Partial<FaultEnd>;
}

export function expectedEnd(
  kind: FaultKind,
  { carrier, retried, different = {} }: FaultCircumstances,
): RequestEnd {
  const found = faultRows.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`Nothing is expected of the fault "${kind}"`);
  const { outcome, sign, executed, cause, next } = {
    ...found,
    outcome: found.outcome[carrier],
    ...different,
  };
  const deaths = sign === null ? [] : [{ outcome, sign }];
  return retried
    ? { outcome: 'ok', deaths, executed: executed + 1, cause, next }
    : { outcome, deaths, executed, cause, next };
}

/** A new connection while the target refuses them. */
export const refusedEnd: RequestEnd = {
  outcome: 'refused',
  deaths: [{ outcome: 'refused', sign: 'connect' }],
  executed: 0,
  cause: 'failed',
  next: null,
};

/** A request that suffers nothing. */
export const plainEnd: RequestEnd = { outcome: 'ok', deaths: [], executed: 1, cause: null, next: null };

/** For people, and for comparing: two ends are the same when their words are. */
export function endWords({ outcome, deaths, executed, cause, next }: RequestEnd): string {
  const died = deaths.map((death) => `${death.outcome} by ${death.sign}`).join(' and ');
  const ended =
    deaths.at(-1)?.outcome === outcome ? died : died === '' ? outcome : `${outcome} after ${died}`;
  return [
    ended,
    `executed ${['never', 'once', 'twice'][executed] ?? `${executed} times`}`,
    ...(cause === null ? [] : [`connection closed as ${cause}`]),
    ...(next === null ? [] : [`next request ${next}`]),
  ].join(', ');
}
