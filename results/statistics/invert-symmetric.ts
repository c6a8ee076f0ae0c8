/**
 * Inverse of a small positive definite matrix, by Gauss–Jordan elimination; sizes here are numbers of strategies.
 * No package: ml-matrix brings others with it for these few lines.
 */
import { assert } from '../../harness/base/assert.ts';

/** @param matrix Square, symmetric, positive definite; not changed. */
export function invertSymmetric(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => {
    const wide = new Float64Array(2 * size);
    wide.set(row);
    wide[size + index] = 1;
    return wide;
  });
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = rows[pivot][pivot];
    assert(Math.abs(scale) > 1e-12, 'invertSymmetric() takes a positive definite matrix');
    for (let column = 0; column < 2 * size; column++) rows[pivot][column] /= scale;
    for (let row = 0; row < size; row++) {
      const factor = row === pivot ? 0 : rows[row][pivot];
      if (factor === 0) continue;
      for (let column = 0; column < 2 * size; column++) rows[row][column] -= factor * rows[pivot][column];
    }
  }
  return rows.map((row) => row.slice(size));
}
