/**
 * Seeded pseudo-random numbers: the same seed gives the same run on every machine.
 *
 * sfc32 (Chris Doty-Humphrey's PractRand family): 128 bits of state, passes PractRand, and is
 * four lines of 32-bit integer arithmetic. Not for secrets. The hash is a package, because a web page
 * has no `node:crypto`.
 */
import { sha256 } from '@noble/hashes/sha2.js';

/** A uniform draw from [0, 1), with 32 bits of resolution. */
export type Prng = () => number;

/** @param parts Seed and purpose, for example `prng(seed, 'gaps', round)`: other parts, an independent stream. */
export function prng(...parts: readonly (number | string)[]): Prng {
  const { buffer, byteOffset } = sha256(new TextEncoder().encode(parts.join('/')));
  const digest = new DataView(buffer, byteOffset);
  let a = digest.getInt32(0, true);
  let b = digest.getInt32(4, true);
  let c = digest.getInt32(8, true);
  let counter = 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
}

/** A new array in an order drawn from `random` (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], random: Prng): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}
