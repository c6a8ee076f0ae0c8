/** What the OS said of a process, moment by moment, and the stalls that it makes. */
import { expect, test } from 'vitest';
import { PulseReader } from './pulse-reader.ts';

/** Looks every 20 ms: state and ms waited for a CPU so far. @returns Stalls in ms. */
function stallsOf(looks: readonly (readonly [state: string, waitedMs: number])[]): number[] | null {
  const reader = new PulseReader();
  for (const [index, [state, waitedMs]] of looks.entries()) {
    reader.add(1e9 + index * 20e6, state, waitedMs * 1e6);
  }
  const pulse = reader.pulse();
  return pulse === null ? null : [...pulse.stalledNs].map((ns) => ns / 1e6);
}

test('PulseReader counts the wait for a CPU between two looks', () => {
  expect(
    stallsOf([
      ['S', 7],
      ['R', 7],
      ['R', 26],
      ['S', 26],
    ]),
  ).toEqual([0, 19, 0]);
});

test('PulseReader tells a wait that ended in one piece in full', () => {
  expect(
    stallsOf([
      ['R', 0],
      ['R', 0],
      ['S', 250],
    ]),
  ).toEqual([0, 250]);
});

test('PulseReader counts a stop once, from the last look that saw the process run', () => {
  expect(
    stallsOf([
      ['S', 0],
      ['T', 0],
      ['T', 0],
      ['t', 0],
      ['S', 0],
      ['S', 0],
    ]),
  ).toEqual([80, 0]);
});

test('PulseReader tells of a stop that has not ended', () => {
  expect(
    stallsOf([
      ['S', 0],
      ['S', 0],
      ['T', 0],
      ['T', 0],
    ]),
  ).toEqual([0, 40]);
});

test('PulseReader has no pulse of a process that nothing was said of', () => {
  expect(stallsOf([])).toBeNull();
  expect(
    stallsOf([
      ['T', 0],
      ['T', 0],
    ]),
  ).toEqual([20]);
});
