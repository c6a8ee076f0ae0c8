import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, durationDistribution, size, sizeDistribution } from './matrix-fields.ts';

test.each([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['2 m', 120_000],
  ['24h', 86_400_000],
  ['0', 0],
  [0, 0],
])('duration reads %j as %d ms', (input, ms) => {
  expect(duration.parse(input)).toBe(ms);
});

test.each([
  [500, '"500ms"'],
  ['500', '"500ms"'],
  [-5, 'for example 500ms'],
  ['-5s', 'for example 500ms'],
  ['1e3ms', 'for example 500ms'],
  ['.5s', 'for example 500ms'],
  ['5 days', 'for example 500ms'],
  ['25h', 'at most 24h'],
  [`${'9'.repeat(400)}h`, 'at most 24h'],
  [null, 'for example 500ms'],
  [Number.NaN, 'for example 500ms'],
])('duration refuses %j and says what would be right', (input, says) => {
  expect(duration.safeParse(input).error?.issues[0].message).toContain(says);
});

test.each([
  [0, 0],
  [512, 512],
  ['512B', 512],
  ['4KiB', 4_096],
  ['1.5 KB', 1_500],
  ['1MB', 1_000_000],
  ['16MiB', 16_777_216],
])('size reads %j as %d bytes', (input, bytes) => {
  expect(size.parse(input)).toBe(bytes);
});

test.each([
  [-1, 'for example 512'],
  [1.5, 'for example 512'],
  ['512', 'for example 512'],
  ['5ms', 'for example 512'],
  ['1GB', 'for example 512'],
  ['17MiB', 'at most 16MiB'],
  [5e9, 'at most 16MiB'],
])('size refuses %j and says what would be right', (input, says) => {
  expect(size.safeParse(input).error?.issues[0].message).toContain(says);
});

test.each([
  ['5ms', { kind: 'fixed', value: 5 }],
  [{ fixed: '5ms' }, { kind: 'fixed', value: 5 }],
  [{ uniform: ['1ms', '1s'] }, { kind: 'uniform', min: 1, max: 1_000 }],
  [{ normal: { mean: '1s', sd: '5ms' } }, { kind: 'normal', mean: 1_000, sd: 5 }],
  [{ lognormal: { median: '1s', sigma: 0.5 } }, { kind: 'lognormal', median: 1_000, sigma: 0.5 }],
  [{ exponential: { mean: '1s' } }, { kind: 'exponential', mean: 1_000 }],
  [
    {
      mixture: [
        { weight: 3, of: '5ms' },
        { weight: 1, of: { uniform: [0, '1ms'] } },
      ],
    },
    {
      kind: 'mixture',
      parts: [
        { weight: 3, of: { kind: 'fixed', value: 5 } },
        { weight: 1, of: { kind: 'uniform', min: 0, max: 1 } },
      ],
    },
  ],
])('durationDistribution reads %j', (input, expected) => {
  expect(durationDistribution.parse(input)).toEqual(expected);
});

test('sizeDistribution reads sizes, and speaks of sizes when it refuses', () => {
  expect(sizeDistribution.parse({ uniform: [1, '4KiB'] })).toEqual({ kind: 'uniform', min: 1, max: 4_096 });
  const { error } = sizeDistribution.safeParse('5ms');
  expect(error?.issues[0].message).toContain('512 or 4KiB');
  expect(error?.issues[0].message).not.toContain('500ms');
});

test('durationDistribution takes a uniform range exactly when min is at or below max', () => {
  const ms = fc.integer({ min: 0, max: 86_400_000 });
  fc.assert(
    fc.property(ms, ms, (min, max) => {
      const { success } = durationDistribution.safeParse({ uniform: [`${min}ms`, `${max}ms`] });
      expect(success).toBe(min <= max);
    }),
  );
});
