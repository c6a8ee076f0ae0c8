/** What `idlerace probe` finds out, as data: printed by the command, and read by whoever asked for --json. */

const endings = ['fin', 'rst', 'close-notify', '408'] as const;
/** How a server ended an idle connection. `close-notify`: a TLS goodbye before the FIN; `408`: a Request Timeout before it. */
export type Ending = (typeof endings)[number];

export interface IdleTimeoutFinding {
  /** Nobody closed or dropped within this time. */
  readonly noneUpToMs: number | null;
  /** null with `noneUpToMs`. Middle of the bracket. */
  readonly timeoutMs: number | null;
  /** Shortest and longest that was seen; equal to the bracket where one was bisected. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** ± this, ms: 2 % or 50 ms, whichever is more. */
  readonly errorMs: number | null;
  /** Connections that the finding stands on. */
  readonly connections: number;
  /** A request shortly before was answered; null: not tried. */
  readonly isConfirmed: boolean | null;
  /** The connection was given up without a word: only reusing it tells. */
  readonly isSilent: boolean;
}

export interface SecondHopFinding {
  readonly says: 'seen' | 'not-seen' | 'cannot-tell';
  /** The idle time from which the first request takes longer. */
  readonly timeoutMs: number | null;
  readonly errorMs: number | null;
  /** How much longer, ms. */
  readonly stepMs: number | null;
  /** Idle times, ms, after which the server answered 502, 503 or 504. */
  readonly badGatewaysAtMs: readonly number[];
  /** Response headers that speak of a balancer. */
  readonly signs: readonly string[];
  /** For people. */
  readonly why: string;
}

export interface ProbeFindings {
  readonly url: string;
  readonly requestsSent: number;
  readonly roundTripMs: { readonly p50: number; readonly min: number; readonly max: number };
  readonly responseTimeMsP50: number;
  readonly idleTimeout: IdleTimeoutFinding;
  /** `Keep-Alive: timeout=`, seconds; null: not advertised. */
  readonly hintSeconds: number | null;
  /** null: nothing to hold it against. */
  readonly isHintTruthful: boolean | null;
  readonly requestsPerConnection: { readonly limit: number | null; readonly noneUpTo: number | null };
  /** How idle connections ended; empty: none did. */
  readonly endings: readonly Ending[];
  readonly secondHop: SecondHopFinding;
  /** Two requests in one write, two answers. */
  readonly pipelining: boolean;
  /** By ALPN over TLS, else by its preface in clear. */
  readonly http2: boolean;
}
