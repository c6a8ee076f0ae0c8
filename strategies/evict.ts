/**
 * The client drops a connection before the server would: at T minus a margin.
 *
 * The age is checked when a connection is taken (`checkedAt: checkout`), and a sweep closes what
 * nobody takes; a timer alone (`timer`) gives no guarantee, because under event-loop lag the reuse can
 * win against the late timer. Safe iff the margin is at least R + λs plus jitter; the default is
 * the scenario's round trip plus its lag allowance. Costs the connections that would have been
 * reused in the margin. It fails when T is not known or shrinks on the way (a proxy with a timeout
 * of its own). .NET and Node subtract 1 s from the server's hint, undici 2 s, Apache HttpClient 0.
 */
import type { Strategy } from '../harness/contract/strategy.ts';
import { milliseconds, oneOf } from './options.ts';

export interface EvictOptions {
  /** ms before the server's timeout; null: round trip + lag allowance. */
  readonly marginMs: number | null;
  /** Where T comes from: `scenario`, or `hint` (the server's `Keep-Alive: timeout=`, the scenario's where there is none). */
  readonly source: string;
  /** `checkout` (age at checkout, plus a sweep) or `timer` (the sweep alone). */
  readonly checkedAt: string;
  readonly [option: string]: number | string | null;
}

export const evict: Strategy<EvictOptions> = {
  id: 'evict',
  title: 'Evict before the server does',
  summary:
    'Drops idle connections a margin before the server would; avoids the race, costs the reuses within the margin.',
  defaults: { marginMs: null, source: 'scenario', checkedAt: 'checkout' },
  policy({ marginMs, source, checkedAt }, { rttMs, lagAllowanceMs, serverIdleTimeoutMs }) {
    const chosenMs = marginMs === null ? rttMs + lagAllowanceMs : milliseconds('marginMs', marginMs, 0);
    const from = oneOf('source', source, ['scenario', 'hint']);
    const idleCheck = oneOf('checkedAt', checkedAt, ['checkout', 'timer']);
    // Whoever is never closed first has nothing to evict.
    if (serverIdleTimeoutMs === null) return {};
    return {
      connection: {
        // At 0 nothing is ever young enough to be reused.
        idleTimeoutMs: Math.max(0, serverIdleTimeoutMs - chosenMs),
        ...(idleCheck === 'timer' ? { idleCheck } : {}),
        ...(from === 'hint' ? { hintMarginMs: chosenMs } : {}),
      },
    };
  },
};
