/**
 * The server keeps idle connections longer than the client ever waits, so it never closes first.
 *
 * The rule behind "set the application's keep-alive above the balancer's": exact as long as the
 * server lives, at the price of every connection's memory and file descriptor held for longer. It
 * fails at restarts and deploys, with a middlebox in between that has a timeout of its own, and
 * where nobody may change the server. Node 26 (65 s), Puma (65 s) and Fastify (72 s) ship it for
 * balancers with 60 s.
 */
import { ms, orNull, setting } from '../harness/contract/setting.ts';
import { strategy } from '../harness/contract/strategy.ts';
import { safeMarginMs } from '../harness/model/law/safe-margin.ts';

/** Beyond the longest gap, round trip and lags: a server's timer is never that early. */
const slackMs = 1_000;

export const longIdle = strategy({
  id: 'long-idle',
  title: 'Long server idle timeout',
  summary:
    'Raises the server idle timeout above any gap of the client; costs memory and file descriptors for connections that stay open longer.',
  options: {
    idleTimeoutMs: setting(
      orNull(ms(0)),
      null,
      "The server's idle timeout, at least that of the scenario; null: derived from the length of a trial.",
    ),
  },
  policy({ idleTimeoutMs }, facts) {
    const { gapMaxMs, serverIdleTimeoutMs } = facts;
    if (serverIdleTimeoutMs === null) return {};
    if (idleTimeoutMs !== null && idleTimeoutMs < serverIdleTimeoutMs) {
      throw new RangeError(
        `"idleTimeoutMs" must be at least ${serverIdleTimeoutMs} ms: current value is ${idleTimeoutMs}`,
      );
    }
    const chosenMs = idleTimeoutMs ?? Math.ceil(gapMaxMs + safeMarginMs(facts) + slackMs);
    // A timeout that is long enough already stays as it is.
    return chosenMs > serverIdleTimeoutMs ? { server: { idleTimeoutMs: chosenMs } } : {};
  },
});
