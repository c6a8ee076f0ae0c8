/**
 * A new connection for each request: `Connection: close`.
 *
 * Nothing is reused, so nothing can race. Each request pays the handshake (one round trip, more with
 * TLS), the server pays accept and close, and every close leaves a TIME_WAIT socket on the side that
 * closed first. It fails where ports or handshakes run out before anything else does.
 * `DisableKeepAlives` in Go, `new http.Agent()` in Node and its global agent before 19, HTTP/1.0.
 */
import { strategy } from '../harness/contract/strategy.ts';

export const shortLived = strategy({
  id: 'short-lived',
  title: 'Short-lived connections',
  summary:
    'Opens a connection for each request; cannot race, and costs a handshake per request, server CPU, and ports.',
  options: {},
  policy: () => ({ connection: { reuse: false } }),
});
