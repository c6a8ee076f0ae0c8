/** Stalls of several processes, in the time that counts. */
import { expect, test } from 'vitest';
import { type HealthPart, type PartPulse, stallFigures } from './stall-figures.ts';

const time = { fromNs: 1e9, toNs: 2e9 };

/** A look every 10 ms for three seconds, and stalls that ended at the given ms. */
function pulse(part: HealthPart, stalls: Readonly<Record<number, number>>): PartPulse {
  const atNs = Float64Array.from({ length: 300 }, (_, look) => look * 10e6);
  return { part, pulse: { atNs, stalledNs: atNs.map((ns) => (stalls[ns / 1e6] ?? 0) * 1e6) } };
}

test('stallFigures() takes the worst process of a part, and no other part', () => {
  const pulses = [pulse('wire', { 1500: 30 }), pulse('wire', { 1200: 80 }), pulse('target', { 1500: 900 })];
  expect(stallFigures(pulses, 'wire', time)).toEqual({ msP99: 0, msMax: 80 });
});

test('stallFigures() counts a stall that reaches into the time, from either side', () => {
  expect(stallFigures([pulse('wire', { 1010: 400 })], 'wire', time)?.msMax).toBe(400);
  expect(stallFigures([pulse('wire', { 2600: 700 })], 'wire', time)?.msMax).toBe(700);
  expect(stallFigures([pulse('wire', { 1000: 400, 2600: 500 })], 'wire', time)?.msMax).toBe(0);
});

test('stallFigures() has a p99 over the looks: one stall is not many', () => {
  const many = Object.fromEntries([1_100, 1_200, 1_300].map((ms) => [ms, 25]));
  expect(stallFigures([pulse('target', many)], 'target', time)).toEqual({ msP99: 25, msMax: 25 });
});

test('stallFigures() has no figure of a part without a pulse', () => {
  expect(stallFigures([], 'balancer', time)).toBeNull();
});
