import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bounds,
  figure,
  listed,
  notAvailable,
  plain,
  predictedShare,
  type Quantity,
  scaleFor,
} from './format.ts';

test.each<[Quantity, (number | null)[], string, string[]]>([
  ['share', [0.029, 0.1234, null], '%', ['2.9', '12.3', notAvailable]],
  ['share', [0.0004, 0], '%', ['0.040', '0.000']],
  // Rare is not never: 9e-7 is 78 a day at 1,000 requests per second.
  ['share', [0.029, 9e-7, 0], '%', ['2.9', '0.00009', '0.0']],
  ['share', [9e-7, 0], '%', ['0.000090', '0.000000']],
  ['share', [0.029, 4e-10], '%', ['2.9', '4e-8']],
  ['durationMs', [11.27, 102.4], 'ms', ['11', '102']],
  ['durationMs', [0.044, 0.31], 'µs', ['44', '310']],
  ['durationMs', [12_345, 20], 's', ['12.345', '0.020']],
  ['bytes', [64 * 2 ** 20, 2 ** 30], 'GiB', ['0.063', '1.000']],
  ['count', [0, 41, 12_345], '', ['0', '41', '12,345']],
  ['count', [1234567.5], '', ['1,234,568']],
  ['cpuMs', [182.3, 95.6], 'ms', ['182', '96']],
  ['count', [null, Number.NaN], '', [notAvailable, notAvailable]],
])('scaleFor() writes a column of %s %j in one unit', (quantity, values, unit, texts) => {
  const scale = scaleFor(quantity, values);
  expect(scale.unit).toBe(unit);
  expect(values.map((value) => figure(value, scale))).toEqual(texts);
});

test('scaleFor() keeps the order of the numbers that it writes', () => {
  const numbers = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 6 });
  const kinds = fc.constantFrom<Quantity>('share', 'durationMs', 'bytes', 'count', 'cpuMs');
  fc.assert(
    fc.property(kinds, numbers, (kind, values) => {
      const scale = scaleFor(kind, values);
      const sorted = [...values].sort((a, b) => a - b);
      const written = sorted.map((value) => Number(scale.number(value).replaceAll(',', '')));
      for (const [index, one] of written.entries()) {
        expect(Number.isFinite(one)).toBe(true);
        if (index > 0) expect(one).toBeGreaterThanOrEqual(written[index - 1]);
      }
    }),
  );
});

test('plain() writes a true minus sign and no negative zero', () => {
  expect(plain('count', -12)).toBe('−12');
  expect(scaleFor('share', [0.5]).number(-0.00001)).toBe('0.0');
});

test('bounds() is null without an interval and never reads as a subtraction', () => {
  const scale = scaleFor('share', [0.029]);
  expect(bounds({ estimate: 0.029, low: 0.025, high: 0.034 }, scale)).toBe('2.5–3.4');
  expect(bounds({ estimate: 0, low: -0.01, high: 0.01 }, scale)).toBe('−1.0 to 1.0');
  expect(bounds({ estimate: 0.029, low: null, high: null }, scale)).toBeNull();
});

test('predictedShare() bounds a zero that replays counted, and leaves one by closed form exact', () => {
  const of = (raceProbability: number | null, by: 'replay' | 'closed-form' | null) =>
    predictedShare({ raceProbability, by, requestsReplayed: 100_000 });
  expect(of(0.0281, 'replay')).toBe('2.8 %');
  expect(of(9e-7, 'closed-form')).toBe('0.000090 %');
  expect(of(0, 'replay')).toBe('less than 0.0030 %');
  expect(of(0, 'closed-form')).toBe('none');
  expect(of(null, null)).toBe(notAvailable);
});

test('listed() joins words as a sentence does', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
