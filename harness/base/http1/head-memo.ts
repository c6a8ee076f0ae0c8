/**
 * The last head that was read and what it meant. A server's answers differ in little but the date, once a
 * second, so most heads are byte for byte the last one's: comparing them costs a tenth of reading them.
 */
import type { ResponseHead } from './response-head.ts';

export class HeadMemo {
  /** With the empty line that ends the head. */
  byteLength = 0;
  #bytes = Buffer.alloc(512);
  #meaning: ResponseHead | null = null;

  /** What the head at `at` means if it is the last one again, byte for byte; null: read it. */
  match(chunk: Buffer, at: number, end: number): ResponseHead | null {
    const { byteLength } = this;
    if (this.#meaning === null || end - at < byteLength) return null;
    return chunk.compare(this.#bytes, 0, byteLength, at, at + byteLength) === 0 ? this.#meaning : null;
  }

  /** Remembers the head in the first `byteLength` bytes; one of unusual size is not worth it. */
  keep(bytes: Buffer, byteLength: number, meaning: ResponseHead): void {
    if (byteLength > this.#bytes.length) return;
    bytes.copy(this.#bytes, 0, 0, byteLength);
    this.byteLength = byteLength;
    this.#meaning = meaning;
  }
}
