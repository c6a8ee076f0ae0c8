/**
 * Does things at given moments, to a fraction of a millisecond: a heap of deadlines over one
 * `PreciseTimer`. What is due first is done first; equal moments keep the order they came in.
 */
import type { Clock } from './clock.ts';
import { PreciseTimer } from './precise-timer.ts';

interface Deed {
  readonly dueNs: number;
  readonly order: number;
  act(dueNs: number): void;
}

export class DelayLine {
  readonly #clock: Clock;
  readonly #timer: PreciseTimer;
  /** A binary heap: each deed is due no later than its two children at 2i + 1 and 2i + 2. */
  readonly #heap: Deed[] = [];
  #order = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timer = new PreciseTimer(clock, () => this.#actOnDue());
  }

  /** @param dueNs CLOCK_MONOTONIC ns; `act` is never called before it, and never from within `add`. */
  add(dueNs: number, act: (dueNs: number) => void): void {
    const deed = { dueNs, order: this.#order++, act };
    this.#heap.push(deed);
    this.#rise(this.#heap.length - 1);
    if (this.#heap[0] === deed) this.#timer.set(dueNs);
  }

  /** Forgets everything that is still to be done. */
  clear(): void {
    this.#heap.length = 0;
    this.#timer.clear();
  }

  #actOnDue(): void {
    const nowNs = this.#clock.nowNs();
    while (this.#heap.length > 0 && this.#heap[0].dueNs <= nowNs) {
      const deed = this.#takeFirst();
      deed.act(deed.dueNs);
    }
    if (this.#heap.length > 0) this.#timer.set(this.#heap[0].dueNs);
  }

  #takeFirst(): Deed {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!isBefore(this.#heap[index], this.#heap[parent])) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(): void {
    for (let index = 0; ; ) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.#heap.length && isBefore(this.#heap[child], this.#heap[first])) first = child;
      }
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b], this.#heap[a]];
  }
}

function isBefore(a: Deed, b: Deed): boolean {
  return a.dueNs < b.dueNs || (a.dueNs === b.dueNs && a.order < b.order);
}
