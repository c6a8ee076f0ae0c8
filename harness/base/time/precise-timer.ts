/**
 * Waits for a moment more exactly than a timer can: libuv's timers count whole ms.
 *
 * Until 1.6 ms before the moment it uses a timer. Then it naps for at most 0.1 ms between turns of the event loop, so
 * that sockets are still served. For the last 0.15 to 0.6 ms, as long as naps recently overshot, turns read the clock
 * for 15 µs each. Reading the clock all the time costs a whole core. Turns that do not read it cost as much, and their
 * garbage makes the collector the largest source of lateness (`docs/performance.md`). A pure function decides;
 * `PreciseTimer` carries out the decision.
 */

import { nsPerMs } from '../units.ts';
import type { Clock } from './clock.ts';

export type WaitStep =
  | { readonly kind: 'due' }
  | { readonly kind: 'turn' } // one turn of the event loop
  | { readonly kind: 'nap'; readonly ms: number } // block, then one turn
  | { readonly kind: 'sleep'; readonly ms: number }; // a timer

const sleepAboveMs = 1.6;
/** A timer may be this late; what remains is napped. */
const timerSlackMs = 1.1;
/** A turn of the event loop costs some 3 µs and leaves garbage behind; sockets can wait for this long. */
const spinNs = 15_000;
const napMsMax = 0.1;
const napMsMin = 0.05;
/** Bounds of how much longer than asked for a nap is taken to last. */
const overshootMsMin = 0.15;
const overshootMsMax = 0.6;
/** With each nap the worst overshoot counts a little less: half after some 1,400 naps, a fraction of a second. */
const overshootDecay = 0.9995;

/** @param napOvershootMs How much longer than asked for a nap may last: none begins that would end past the deadline. */
export function waitStep(remainingMs: number, napOvershootMs: number): WaitStep {
  if (remainingMs <= 0) return { kind: 'due' };
  if (remainingMs > sleepAboveMs) return { kind: 'sleep', ms: Math.floor(remainingMs - timerSlackMs) };
  const napMs = Math.min(napMsMax, remainingMs - napOvershootMs);
  return napMs < napMsMin ? { kind: 'turn' } : { kind: 'nap', ms: napMs };
}

/** Calls `onDue` at the deadline set last. One deadline at a time; setting an earlier one moves it. */
export class PreciseTimer {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #napCell = new Int32Array(new SharedArrayBuffer(4));
  #overshootMs = overshootMsMin;
  #dueNs = Number.POSITIVE_INFINITY;
  #timeout: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** @param dueNs CLOCK_MONOTONIC ns. Replaces the deadline set before. */
  set(dueNs: number): void {
    this.#dueNs = dueNs;
    if (this.#immediate !== null) return; // the next turn looks at the new deadline
    this.#cancelTimeout();
    this.#step();
  }

  clear(): void {
    this.#dueNs = Number.POSITIVE_INFINITY;
    this.#cancelTimeout();
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
  }

  #cancelTimeout(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
  }

  #step(): void {
    if (this.#dueNs === Number.POSITIVE_INFINITY) return;
    const step = waitStep((this.#dueNs - this.#clock.nowNs()) / nsPerMs, this.#overshootMs);
    // A deadline already passed still waits for the next turn: `set` never calls back before it returns.
    if (step.kind === 'sleep') this.#timeout = setTimeout(this.#onTimeout, step.ms);
    else this.#immediate = setImmediate(this.#onImmediate, step.kind === 'nap' ? step.ms : 0);
  }

  /** How late naps end depends on the machine and the moment, so it is measured with each one. */
  #nap(ms: number): void {
    const startNs = this.#clock.nowNs();
    Atomics.wait(this.#napCell, 0, 0, ms);
    const overshootMs = (this.#clock.nowNs() - startNs) / nsPerMs - ms;
    const worstMs = Math.max(overshootMs, this.#overshootMs * overshootDecay);
    this.#overshootMs = Math.min(overshootMsMax, Math.max(overshootMsMin, worstMs));
  }

  /** Reads the clock in place of a turn: to the deadline if it is near, else for a moment, then sockets are served. */
  #spin(): void {
    const startNs = this.#clock.nowNs();
    const untilNs = Math.min(this.#dueNs, startNs + spinNs);
    // A clock that stands still, as in tests, ends it too.
    for (let nowNs = startNs, reads = 0; nowNs < untilNs && reads < 1_000; reads++)
      nowNs = this.#clock.nowNs();
  }

  readonly #onTimeout = (): void => {
    this.#timeout = null;
    this.#onImmediate(0);
  };

  readonly #onImmediate = (napMs: number): void => {
    this.#immediate = null;
    if (napMs > 0) this.#nap(napMs);
    else this.#spin();
    if (this.#clock.nowNs() < this.#dueNs) {
      this.#step();
      return;
    }
    this.#dueNs = Number.POSITIVE_INFINITY;
    this.#onDue();
  };
}
