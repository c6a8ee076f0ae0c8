/** What `idlerace probe` finds out, as data: the command prints it as a page, or as JSON with --json. */

const endings = ['fin', 'rst', 'close-notify', '408'] as const;
/** How a server ended an idle connection. `close-notify`: a TLS goodbye before the FIN; `408`: a Request Timeout before it. */
export type Ending = (typeof endings)[number];

export interface IdleTimeoutFinding {
  /** No connection was closed or dropped within this time. */
  readonly noneUpToMs: number | null;
  /**
   * Shortest lifetime seen, or the age at which a later request failed, if that is shorter; null with
   * `noneUpToMs`. For a silent drop, the longest idle time that a connection survived.
   */
  readonly fromMs: number | null;
  /** Longest lifetime seen; for a silent drop, the shortest idle time that a connection did not survive. */
  readonly toMs: number | null;
  /** ± this, ms: 2 % or 50 ms or `stepMs`, whichever is more. */
  readonly errorMs: number | null;
  /** The shortest possible lifetime may be this much below `fromMs`; see `idle-lives.ts`. */
  readonly stepMs: number;
  /** Connections that the finding is based on. */
  readonly connections: number;
  /** Age at which every request on an idle connection was answered; null: none was tried, or none held. */
  readonly confirmedMs: number | null;
  /** Ages that were tried before it, at which a request failed. */
  readonly failedAtMs: readonly number[];
  /** The server forgets the connection without closing it: only a request on it shows that. */
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
  /** Longest idle time that was tried, ms. */
  readonly upToMs: number;
  /** Response headers that name a balancer. */
  readonly signs: readonly string[];
  /** For people. */
  readonly why: string;
}

export interface ProbeFindings {
  readonly url: string;
  readonly requestsSent: number;
  /** By TCP handshakes. */
  readonly roundTripMs: { readonly p50: number; readonly min: number; readonly max: number };
  readonly responseTimeMsP50: number;
  readonly idleTimeout: IdleTimeoutFinding;
  /** `Keep-Alive: timeout=`, seconds; null: not advertised. */
  readonly hintSeconds: number | null;
  /** null: nothing to compare it with. */
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
