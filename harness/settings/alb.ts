/**
 * AWS Application Load Balancer: one idle timeout for both sides, in whole seconds from 1 to 4,000. As
 * the client of its targets, it must close idle connections before they do. As the server of its clients, it must
 * keep connections longer than they do, and its targets must keep theirs longer still.
 */

import { wrapText } from '../base/wrap-text.ts';
import { not, partly } from '../contract/carries.ts';
import { arithmetic } from './arithmetic.ts';
import { type Asked, lawfulMarginMs } from './asked.ts';
import { exactDuration } from './exact-duration.ts';
import { lines, only } from './lines.ts';
import { settingsClient } from './settings-client.ts';

const secondsMax = 4_000;
const none = 'an ALB has no setting for it';

export const alb = settingsClient({
  id: 'alb',
  title: 'AWS Application Load Balancer',
  language: 'sh',
  carried: { connection: ['idleCheck'] },
  limits: {
    'connection.reuse': not(
      'an ALB keeps connections to targets; a target that answers "Connection: close" ends them',
    ),
    'connection.idleTimeoutMs': partly((asked) =>
      asked.idleTimeoutMs === null
        ? null
        : timeoutSeconds(asked) === null
          ? 'an ALB waits for at least 1 s: raise the idle timeout of the target instead'
          : 'whole seconds only, rounded down; the same timeout holds for the clients of the ALB, and it is a timer',
    ),
    'connection.hintMarginMs': not('an ALB ignores the Keep-Alive hint of a target'),
    'connection.ageMaxMs': not(none),
    'connection.requestsMax': not(none),
    'connection.pick': not(none),
    'connection.tcpKeepAliveMs': not(none),
    'retry.attemptsMax': not(
      'an ALB answers 502 if a target closes the connection during a request; its client must retry',
    ),
    'server.idleTimeoutMs': partly(({ serverIdleTimeoutMs }) =>
      (serverIdleTimeoutMs ?? 0) > secondsMax * 1_000 ? `an ALB waits for at most ${secondsMax} s` : null,
    ),
    'retry.methods': not(none),
    'retry.on': not(none),
    'retry.connection': not(none),
    'retry.backoffMs': not(none),
    'retry.idempotencyKey': not(none),
  },
  text(asked) {
    const seconds = timeoutSeconds(asked);
    return lines(
      arithmetic(asked, '# '),
      seconds === null ? null : advice(asked, seconds),
      only(seconds !== null, [
        'aws elbv2 modify-load-balancer-attributes \\',
        '  --load-balancer-arn "$LOAD_BALANCER_ARN" \\',
        `  --attributes Key=idle_timeout.timeout_seconds,Value=${seconds}`,
      ]),
    );
  },
});

/** The timeout: rounded up for clients, down for targets; null if there is no value to set. */
function timeoutSeconds({ idleTimeoutMs, serverIdleTimeoutMs }: Asked): number | null {
  if (serverIdleTimeoutMs !== null) return Math.min(secondsMax, Math.ceil(serverIdleTimeoutMs / 1_000));
  if (idleTimeoutMs === null || idleTimeoutMs < 1_000) return null;
  return Math.min(secondsMax, Math.floor(idleTimeoutMs / 1_000));
}

function advice(asked: Asked, seconds: number): string[] {
  const targetMs = seconds * 1_000 + lawfulMarginMs(asked);
  const sentence = `The idle timeout of the targets must be ${exactDuration(targetMs)} or more: ${seconds}s of the ALB + round trip + server lag + client lag.`;
  return wrapText(sentence, 96, '# ');
}
