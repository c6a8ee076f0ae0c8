/**
 * Go's own client behind the driver's contract: the program in `harness/client/go/`, built when it is first wanted.
 *
 * What Transport does by itself shows: it sends a GET again that died on a reused connection, and a POST with an
 * `Idempotency-Key`. A retry on a fresh connection is what Go has for it: CloseIdleConnections, after which
 * Transport opens one and keeps it. What it cannot carry out is refused by name.
 */
import { goProgram } from '../base/go/go-program.ts';
import { clientCarries, not, partly } from '../contract/carries.ts';
import type { DriverClient } from '../contract/client-kind.ts';
import { zeroIsNever } from './carries-shared.ts';

export const go: DriverClient = {
  id: 'go',
  title: 'Go net/http',
  summary:
    "Go's http.Transport, one per simulated client; retries GET requests itself, and ignores Keep-Alive hints. Requires Go.",
  carries: clientCarries(
    {
      connection: ['reuse', 'tcpKeepAliveMs'],
      retry: ['attemptsMax', 'methods', 'on', 'connection', 'backoffMs', 'idempotencyKey'],
    },
    {
      'connection.idleCheck': not(
        'Transport always checks the age at checkout, so it cannot evict by timer alone',
      ),
      'connection.idleTimeoutMs': partly(({ connection }) =>
        connection.idleTimeoutMs === 0 ? `Transport ${zeroIsNever}` : null,
      ),
      'connection.hintMarginMs': not('Transport does not read the Keep-Alive hint'),
      'connection.ageMaxMs': not('Transport has no maximum connection age'),
      'connection.requestsMax': not('Transport has no limit on requests per connection'),
      'connection.pick': not('Transport always takes the connection used last'),
    },
  ),
  command: async () => [await goProgram('client/go')],
};
