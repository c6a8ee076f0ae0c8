/**
 * Measures when this process could not run, by a timer that should fire every 10 ms. When it fires late, the
 * process either worked or could not run. Its CPU time shows how long it worked; the rest is a stall: a
 * SIGSTOP, another program on its CPU, or a suspended machine.
 */
import type { Pulse } from '../../contract/pulse.ts';
import { GrowingColumn } from '../columns/growing-column.ts';
import { nsPerMs } from '../units.ts';
import { type Clock, systemClock } from './clock.ts';

const periodMs = 10;

export class Heartbeat {
  readonly #clock: Clock;
  readonly #cpuNs: () => number;
  readonly #atNs = new GrowingColumn(Float64Array);
  readonly #stalledNs = new GrowingColumn(Float64Array);
  #timer: NodeJS.Timeout | null = null;
  #lastNs = 0;
  #lastCpuNs = 0;

  /** @param cpuNs CPU time of this process so far. */
  constructor(clock: Clock = systemClock, cpuNs: () => number = ownCpuNs) {
    this.#clock = clock;
    this.#cpuNs = cpuNs;
  }

  start(): void {
    if (this.#timer !== null) return;
    this.skip();
    this.#timer = setInterval(() => this.#beat(), periodMs).unref();
  }

  /** What has passed since the last beat was asked for, as the fault `freeze` is, and is no stall. */
  skip(): void {
    this.#lastNs = this.#clock.nowNs();
    this.#lastCpuNs = this.#cpuNs();
  }

  /** All beats so far, and the one that is due now. */
  pulse(): Pulse {
    this.#beat();
    return { atNs: this.#atNs.toArray(), stalledNs: this.#stalledNs.toArray() };
  }

  #beat(): void {
    const atNs = this.#clock.nowNs();
    const cpuNs = this.#cpuNs();
    const lateNs = atNs - this.#lastNs - periodMs * nsPerMs;
    this.#atNs.push(atNs);
    // At least this much: of the work, some may have been done before the beat was due.
    this.#stalledNs.push(Math.max(0, lateNs - (cpuNs - this.#lastCpuNs)));
    this.#lastNs = atNs;
    this.#lastCpuNs = cpuNs;
  }
}

function ownCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}
