/**
 * Makes the pulse of a process from successive readings of its state in the OS. A stopped process counts as
 * stopped from the last reading at which it ran. The OS counts the time that it waited for a CPU. Pure.
 */
import { GrowingColumn } from '../../base/columns/growing-column.ts';
import type { Pulse } from '../../contract/pulse.ts';

interface Look {
  readonly atNs: number;
  readonly waitedNs: number;
}

export class PulseReader {
  readonly #atNs = new GrowingColumn(Float64Array);
  readonly #stalledNs = new GrowingColumn(Float64Array);
  /** The last look at which it was not stopped. */
  #ran: Look | null = null;
  #lastNs = 0;

  /**
   * @param state As /proc/PID/stat has it: `T` is stopped, `t` is stopped by a debugger.
   * @param waitedNs Time spent waiting for a CPU so far.
   */
  add(atNs: number, state: string, waitedNs: number): void {
    const isStopped = state === 'T' || state === 't';
    const wasStopped = this.#ran !== null && this.#ran.atNs !== this.#lastNs;
    this.#lastNs = atNs;
    if (isStopped && this.#ran !== null) return;
    // The end of a stop is told when it is over; one that began before the first look, from then on.
    if (this.#ran !== null) {
      const stalledNs = wasStopped ? atNs - this.#ran.atNs : waitedNs - this.#ran.waitedNs;
      this.#push(atNs, Math.max(0, stalledNs));
    }
    this.#ran = { atNs, waitedNs };
  }

  /** null: the OS told nothing. */
  pulse(): Pulse | null {
    if (this.#ran === null) return null;
    if (this.#ran.atNs !== this.#lastNs) this.#push(this.#lastNs, this.#lastNs - this.#ran.atNs);
    return { atNs: this.#atNs.toArray(), stalledNs: this.#stalledNs.toArray() };
  }

  #push(atNs: number, stalledNs: number): void {
    this.#atNs.push(atNs);
    this.#stalledNs.push(stalledNs);
  }
}
