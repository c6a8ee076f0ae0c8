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
import {
  flag,
  listOf,
  method,
  ms,
  oneOf,
  orNull,
  setting,
  wholeNumber,
} from '../harness/contract/setting.ts';
import { strategy } from '../harness/contract/strategy.ts';

export const retry = strategy({
  id: 'retry',
  title: 'Retry',
  summary:
    'Retries a request that failed because of the race on a fresh connection; costs a handshake per retry, and may execute a request twice.',
  options: {
    attemptsMax: setting(
      wholeNumber(2, 10),
      2,
      'Maximum number of attempts per request, including the first.',
    ),
    connection: setting(
      oneOf('fresh', 'pooled'),
      'fresh',
      '`fresh`: retry on a new connection. `pooled`: retry on any connection in the pool.',
    ),
    methods: setting(
      orNull(listOf(method, 'methods in capitals, such as ["GET"]', 1)),
      null,
      'Methods that may be retried; null: any method.',
    ),
    backoffMs: setting(ms(0), 0, 'Wait before the second attempt; it doubles before each further attempt.'),
    idempotencyKey: setting(flag, false, 'Send an `Idempotency-Key` header.'),
  },
  policy: ({ attemptsMax, connection, methods, backoffMs, idempotencyKey }) => ({
    retry: {
      attemptsMax,
      on: ['idle-race'],
      ...(connection === 'pooled' ? { connection } : {}),
      ...(methods === null ? {} : { methods }),
      ...(backoffMs > 0 ? { backoffMs } : {}),
      ...(idempotencyKey ? { idempotencyKey } : {}),
    },
  }),
});
