/**
 * The one source of time: CLOCK_MONOTONIC in ns, as a double.
 *
 * All processes of a machine share this axis, so events of target, wire and generator can be
 * compared. `performance.now()` reads the same clock without the BigInt allocation of
 * `process.hrtime.bigint()`; the offset between the two is taken once. A double holds ns exactly
 * up to 2^53, which is 104 days of uptime, and to 2 ns up to 208 days.
 */
import { nsPerMs } from '../units.ts';

export interface Clock {
  /** CLOCK_MONOTONIC, ns. */
  nowNs(): number;
}

/** ns between CLOCK_MONOTONIC's zero and this process's `performance.now()` zero. */
const originNs = (() => {
  // The tightest of a few readings: the pair is not atomic, and a pause between the two is an error.
  let bestSpanMs = Number.POSITIVE_INFINITY;
  let best = 0;
  for (let reading = 0; reading < 16; reading++) {
    const before = performance.now();
    const monotonicNs = Number(process.hrtime.bigint());
    const spanMs = performance.now() - before;
    if (spanMs < bestSpanMs) {
      bestSpanMs = spanMs;
      best = monotonicNs - (before + spanMs / 2) * nsPerMs;
    }
  }
  return best;
})();

export function nowNs(): number {
  return originNs + performance.now() * nsPerMs;
}

export const systemClock: Clock = { nowNs };
