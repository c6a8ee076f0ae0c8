/**
 * The client drops a connection before the server would: at T minus a margin.
 *
 * The age is checked when a connection is taken (`checkedAt: checkout`), and a sweep closes what
 * nobody takes; a timer alone (`timer`) gives no guarantee, because under event-loop lag the reuse can
 * win against the late timer. Safe iff the margin is at least R + λs + λc' − δs (docs/law.md); the
 * default is the round trip plus both lags that the scenario allows for. T is the idle timeout of
 * what the client talks to: behind a balancer, the balancer's. Costs the connections that would have
 * been reused in the margin. It fails when T is not known or another hop has a shorter one. .NET and
 * Node subtract 1 s from the server's hint, undici 2 s, Apache HttpClient 0.
 */
import { ms, oneOf, orNull, setting } from '../harness/contract/setting.ts';
import { strategy } from '../harness/contract/strategy.ts';
import { safeMarginMs } from '../harness/model/law/safe-margin.ts';

export const evict = strategy({
  id: 'evict',
  title: 'Evict before the server does',
  summary:
    'Closes idle connections a margin before the server would; avoids the race, and costs the reuses within the margin.',
  options: {
    marginMs: setting(
      orNull(ms(0)),
      null,
      "How long before the server's timeout connections are evicted; null: round trip + server lag + client lag.",
    ),
    source: setting(
      oneOf('scenario', 'hint'),
      'scenario',
      "Where the timeout comes from: `scenario`, or `hint` (the server's `Keep-Alive: timeout=`, or the scenario if there is no hint).",
    ),
    checkedAt: setting(
      oneOf('checkout', 'timer'),
      'checkout',
      '`checkout`: check the idle age when a connection is taken, and sweep old connections. `timer`: sweep only.',
    ),
  },
  policy({ marginMs, source, checkedAt }, facts) {
    const { peerIdleTimeoutMs } = facts;
    const chosenMs = marginMs ?? safeMarginMs(facts);
    // A server that never closes first leaves nothing to evict.
    if (peerIdleTimeoutMs === null) return {};
    return {
      connection: {
        // At 0 nothing is ever young enough to be reused.
        idleTimeoutMs: Math.max(0, peerIdleTimeoutMs - chosenMs),
        ...(checkedAt === 'timer' ? { idleCheck: checkedAt } : {}),
        ...(source === 'hint' ? { hintMarginMs: chosenMs } : {}),
      },
    };
  },
});
