import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HarnessError } from '../../base/errors.ts';
import { type FaultKind, faultCode, faultKinds } from '../../contract/fault.ts';
import { drawFaults } from './draw-faults.ts';

/** One row per ms. */
const planOf = (rows: number, warmupRows = 0, round = 1) => ({
  round,
  warmupNs: warmupRows * 1e6,
  intendedNs: Float64Array.from({ length: rows }, (_, row) => row * 1e6),
});

const injected = faultKinds.filter((kind) => kind !== 'none');
const count = (script: Uint8Array, kind: FaultKind) =>
  script.reduce((sum, code) => sum + Number(code === faultCode[kind]), 0);

test('drawFaults() draws exactly the asked number of each kind, on measured rows only', () => {
  const asked = fc.dictionary(fc.constantFrom(...injected), fc.integer({ min: 0, max: 4 }));
  fc.assert(
    fc.property(asked, fc.nat(), fc.nat(30), fc.nat(50), (counts, seed, warmupRows, spareRows) => {
      const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
      const rows = warmupRows + total + spareRows;
      const script = drawFaults(counts, seed, planOf(rows, warmupRows));
      if (total === 0) {
        expect(script).toBeNull();
        return;
      }
      expect(script).toHaveLength(rows);
      for (const kind of injected) expect(count(script ?? new Uint8Array(), kind)).toBe(counts[kind] ?? 0);
      expect(script?.subarray(0, warmupRows).every((code) => code === 0)).toBe(true);
    }),
  );
});

test('drawFaults() draws the same again for a seed and round, and other rows for another round', () => {
  const draw = (seed: number, round: number) => drawFaults({ 'idle-fin': 20 }, seed, planOf(1_000, 0, round));
  expect(draw(7, 1)).toEqual(draw(7, 1));
  expect(draw(7, 2)).not.toEqual(draw(7, 1));
  expect(draw(8, 1)).not.toEqual(draw(7, 1));
});

test('drawFaults() hits every row about as often as any other', () => {
  const hits = new Uint32Array(10);
  const draws = 2_000;
  for (let seed = 0; seed < draws; seed++) {
    drawFaults({ refuse: 1, freeze: 1 }, seed, planOf(10))?.forEach((code, row) => {
      hits[row] += Number(code !== 0);
    });
  }
  // 400 expected, standard deviation 18.
  for (const hit of hits) expect(Math.abs(hit - 400)).toBeLessThan(90);
});

test('drawFaults() refuses more faults than measured requests, and says how many there are', () => {
  const draw = () => drawFaults({ 'fin-executed': 5, refuse: 4 }, 1, planOf(10, 2));
  expect(draw).toThrow(HarnessError);
  expect(draw).toThrow(/9 faults in a trial of 8 measured requests/);
});
