/**
 * What became of a request, or of one attempt at it: a closed union.
 *
 * A failed request is data, never a throw, so this list is the whole vocabulary of failure that
 * the generator, the samples, the summary and the reports share. The position in the table is the
 * code that sample files store; append, never reorder.
 */

export const outcomes = [
  'ok', // a complete response with a status below 400
  'status', // a complete response with a status of 400 or more
  'idle-race', // FIN or RST on a reused connection before any response byte
  'reset', // RST on a fresh connection, or after response bytes
  'eof', // FIN on a fresh connection, or in the middle of a response
  'refused', // ECONNREFUSED
  'connect-timeout', // the handshake took longer than the connect timeout
  'timeout', // no complete response within the request timeout
  'ports-exhausted', // EADDRNOTAVAIL
  'fd-exhausted', // EMFILE, ENFILE
  'tls', // handshake or certificate failure
  'protocol', // the response cannot be read as HTTP/1.1
  'dropped', // never sent: the generator's own limit
  'aborted', // still under way when the trial was ended
] as const;

export type Outcome = (typeof outcomes)[number];

/** Code of each outcome in sample files: its position in `outcomes`. */
export const outcomeCode: Readonly<Record<Outcome, number>> = Object.fromEntries(
  outcomes.map((outcome, code) => [outcome, code]),
) as Record<Outcome, number>;
