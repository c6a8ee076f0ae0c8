/**
 * Go's own client behind the driver's contract: the program in `harness/client/go/`, built when it is first wanted.
 *
 * What Transport does by itself shows: it sends a GET again that died on a reused connection, and a POST with an
 * `Idempotency-Key`. A retry on a fresh connection is what Go has for it: CloseIdleConnections, after which
 * Transport opens one and keeps it. What it cannot carry out is refused by name.
 */
import { goProgram } from '../base/go/go-program.ts';
import type { DriverClient } from '../contract/client-kind.ts';
import type { Policy } from '../contract/policy.ts';

export const go: DriverClient = {
  id: 'go',
  title: 'Go net/http',
  summary:
    "Go's http.Transport, one per simulated client; sends a GET again by itself, reads no Keep-Alive hint. Wants Go.",
  refusals,
  command: async () => [await goProgram('client/go')],
};

function refusals({ connection }: Policy): string[] {
  const reasons: string[] = [];
  if (connection.idleTimeoutMs !== null && connection.idleCheck === 'timer') {
    reasons.push(
      'connection.idleCheck: Transport looks at the age at checkout too; checkout is what it does',
    );
  }
  if (connection.idleTimeoutMs !== null && connection.idleTimeoutMs <= 0) {
    reasons.push('connection.idleTimeoutMs: Transport takes 0 for "never"; expected more than 0 ms');
  }
  if (connection.hintMarginMs !== null) {
    reasons.push('connection.hintMarginMs: Transport does not read the Keep-Alive hint');
  }
  if (connection.ageMaxMs !== null) reasons.push('connection.ageMaxMs: Transport knows no maximum age');
  if (connection.requestsMax !== null) {
    reasons.push('connection.requestsMax: Transport knows no maximum number of requests');
  }
  if (connection.pick !== 'lifo') {
    reasons.push('connection.pick: Transport takes the connection that was used last');
  }
  return reasons;
}
