/** A typed array that grows by doubling, for columns whose length is not known in advance. */
import type { Column } from '../../contract/columns.ts';

export class GrowingColumn<Values extends Column> {
  readonly #make: new (
    length: number,
  ) => Values;
  #values: Values;
  #length = 0;

  constructor(make: new (length: number) => Values, capacity = 1024) {
    this.#make = make;
    this.#values = new make(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new this.#make(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  set(row: number, value: number): void {
    this.#values[row] = value;
  }

  at(row: number): number {
    return this.#values[row];
  }

  /** A copy of exactly what was pushed. */
  toArray(): Values {
    const exact = new this.#make(this.#length);
    exact.set(this.#values.subarray(0, this.#length));
    return exact;
  }
}
