/**
 * Faults that a target commits on purpose, each on exactly the requests that a script names: what a
 * client must be able to tell apart, and what the self-test holds the books against.
 *
 * A script is drawn before the trial, like all load. The position in the list is the code; append.
 */

export const faultKinds = [
  'none',
  // Instead of an answer; the request has been read in full.
  'fin-unexecuted', // FIN, the request was not executed
  'fin-executed', // executed, then FIN
  'rst-unexecuted', // RST, not executed
  'rst-executed', // executed, then RST
  'half-close', // not executed; FIN of the sending side only, the server reads on and never closes
  'black-hole', // not executed; no byte ever comes
  'no-close-notify', // executed; TLS only: the TCP connection ends without a close_notify
  // A broken answer; executed.
  'close-in-head', // FIN in the middle of the headers
  'close-in-body', // FIN in the middle of a Content-Length body
  'close-in-chunk', // FIN in the middle of a chunk
  'malformed-status', // a status line that is not HTTP
  'status-500', // a complete answer with status 500
  // A complete, correct answer (200), executed, and then:
  'idle-fin', // FIN on the idle connection, 20 ms after the answer; later when another request is under way then
  'lying-keep-alive', // `Connection: keep-alive`, FIN at once
  'hint-too-long', // `Keep-Alive: timeout=` of an hour, whatever the idle timeout is
  'hint-too-short', // `Keep-Alive: timeout=1`, whatever the idle timeout is
  'refuse', // new connections are refused for `faultMs`
  'freeze', // the whole server stands still for `faultMs`, *before* this request is answered
  // The whole server; new connections are refused for `faultMs`.
  'restart', // answered, then as a deploy does: idle connections are closed, requests under way answered and then closed
  'crash', // executed, then as a death does: every connection is cut, nothing under way is answered
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Code of each kind in a script: its position in `faultKinds`. */
export const faultCode: Readonly<Record<FaultKind, number>> = Object.fromEntries(
  faultKinds.map((kind, code) => [kind, code]),
) as Record<FaultKind, number>;

/** One row per request of the plan: the code of the fault committed on the first time that it is read; later attempts are served. */
export type FaultScript = Uint8Array;

/** How many requests of a trial suffer which fault; what a matrix file says under `target.faults`. */
export type FaultCounts = Readonly<Partial<Record<FaultKind, number>>>;
