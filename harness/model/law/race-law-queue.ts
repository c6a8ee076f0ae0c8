/**
 * The two containers that the race law's replay needs, over typed arrays so that a million requests
 * allocate nothing: events by time, and numbers in line. Both hold slot numbers and are sized once;
 * neither grows nor checks.
 */

/** Events in order of time; of equal times any order. */
export class EventQueue {
  readonly #atNs: Float64Array;
  readonly #slot: Uint32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#atNs = new Float64Array(capacity);
    this.#slot = new Uint32Array(capacity);
  }

  clear(): void {
    this.#size = 0;
  }

  /** Time of the next event; Infinity when there is none. */
  nextNs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#atNs[0];
  }

  add(atNs: number, slot: number): void {
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (this.#atNs[parent] <= atNs) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#atNs[place] = atNs;
    this.#slot[place] = slot;
  }

  /** Removes the next event and returns its slot. Only when there is one. */
  take(): number {
    const taken = this.#slot[0];
    const last = --this.#size;
    const atNs = this.#atNs[last];
    const slot = this.#slot[last];
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#atNs[child + 1] < this.#atNs[child]) child++;
      if (this.#atNs[child] >= atNs) break;
      this.#move(child, place);
      place = child;
    }
    this.#atNs[place] = atNs;
    this.#slot[place] = slot;
    return taken;
  }

  #move(from: number, to: number): void {
    this.#atNs[to] = this.#atNs[from];
    this.#slot[to] = this.#slot[from];
  }
}

/** Numbers in line: added at the back, taken at either end. */
export class Line {
  readonly #slots: Uint32Array;
  readonly #mask: number;
  #front = 0;
  #size = 0;

  constructor(capacity: number) {
    const power = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.#slots = new Uint32Array(power);
    this.#mask = power - 1;
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#front = 0;
    this.#size = 0;
  }

  add(slot: number): void {
    this.#slots[(this.#front + this.#size++) & this.#mask] = slot;
  }

  takeFront(): number {
    const slot = this.#slots[this.#front];
    this.#front = (this.#front + 1) & this.#mask;
    this.#size--;
    return slot;
  }

  takeBack(): number {
    return this.#slots[(this.#front + --this.#size) & this.#mask];
  }
}
