/**
 * A request that died of the race is sent again, by default once, at once, on a fresh connection.
 *
 * A fresh one, because after an idle time the pool's other connections are as old; at once, because
 * the server is healthy. It hides the race at the price of one handshake for each death. It fails
 * where the server had read the request before it closed: then the request runs twice, which an
 * error code does not tell (`executedTwice` does). OkHttp, curl and Chromium retry any method on a
 * reused connection; Go only GET, HEAD, OPTIONS, TRACE or a request with an `Idempotency-Key`. Only what
 * differs from the reference is set: that leaves the other knobs to a strategy it is combined with.
 */
import type { Strategy } from '../harness/contract/strategy.ts';
import { methodNames, milliseconds, oneOf, wholeNumber } from './options.ts';

export interface RetryOptions {
  /** Attempts per request, the first included: 2 to 10. */
  readonly attemptsMax: number;
  /** `fresh` or `pooled`. */
  readonly connection: string;
  /** Methods that may be sent again; null: any. */
  readonly methods: readonly string[] | null;
  /** Wait before the second attempt, ms; doubles with each further one. */
  readonly backoffMs: number;
  readonly idempotencyKey: boolean;
  readonly [option: string]: number | string | readonly string[] | boolean | null;
}

export const retry: Strategy<RetryOptions> = {
  id: 'retry',
  title: 'Retry',
  summary:
    'Sends a request that died of the race again on a fresh connection; costs a handshake per death, and may execute twice.',
  defaults: { attemptsMax: 2, connection: 'fresh', methods: null, backoffMs: 0, idempotencyKey: false },
  policy({ attemptsMax, connection, methods, backoffMs, idempotencyKey }) {
    const from = oneOf('connection', connection, ['fresh', 'pooled']);
    const delayMs = milliseconds('backoffMs', backoffMs, 0);
    return {
      retry: {
        attemptsMax: wholeNumber('attemptsMax', attemptsMax, 2, 10),
        on: ['idle-race'],
        ...(from === 'pooled' ? { connection: from } : {}),
        ...(methods === null ? {} : { methods: methodNames('methods', methods) }),
        ...(delayMs > 0 ? { backoffMs: delayMs } : {}),
        ...(idempotencyKey ? { idempotencyKey } : {}),
      },
    };
  },
};
