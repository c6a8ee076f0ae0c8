/** The measured time cut into seconds, and the rows of the plan that belong to each: a counting sort in typed arrays. */
import { nsPerSecond } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';

export class Seconds {
  readonly #plan: LoadPlan;
  readonly #rows: Uint32Array;
  /** Second → position of its first row; one entry more for the end. */
  readonly #firstOf: Uint32Array;

  /** @param rows Of the measured time. @param at By row, the moment that decides; the last second takes what is later. */
  constructor(plan: LoadPlan, rows: Uint32Array, at: Float64Array) {
    this.#plan = plan;
    const count = secondsOf(plan);
    const secondOf = (row: number) =>
      Math.min(count - 1, Math.floor((at[row] - plan.warmupNs) / nsPerSecond));
    this.#firstOf = new Uint32Array(count + 1);
    for (const row of rows) this.#firstOf[secondOf(row) + 1]++;
    for (let second = 0; second < count; second++) this.#firstOf[second + 1] += this.#firstOf[second];
    const next = this.#firstOf.slice();
    this.#rows = new Uint32Array(rows.length);
    for (const row of rows) this.#rows[next[secondOf(row)]++] = row;
  }

  /** @param of Gets a second's rows, and its span in ns from the start of the trial. */
  map<Value>(of: (rows: Uint32Array, fromNs: number, toNs: number, second: number) => Value): Value[] {
    const { warmupNs, endNs } = this.#plan;
    return Array.from({ length: this.#firstOf.length - 1 }, (_, second) => {
      const fromNs = warmupNs + second * nsPerSecond;
      const rows = this.#rows.subarray(this.#firstOf[second], this.#firstOf[second + 1]);
      return of(rows, fromNs, Math.min(endNs, fromNs + nsPerSecond), second);
    });
  }
}

/** Whole and begun seconds of the measured time. */
function secondsOf({ warmupNs, endNs }: LoadPlan): number {
  return Math.ceil((endNs - warmupNs) / nsPerSecond);
}
