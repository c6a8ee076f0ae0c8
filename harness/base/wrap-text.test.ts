import fc from 'fast-check';
import { expect, test } from 'vitest';
import { padded, shortened, widthOf, wrapText } from './wrap-text.ts';

test('wrapText() keeps every line within the width and loses no character but spaces', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 10, max: 60 }), (text, columns) => {
      const lines = wrapText(text, columns, '- ', '  ');
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      const kept = lines.map((line) => line.slice(2)).join('');
      expect(kept.replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});

test('wrapText() does not part a number from its percent sign', () => {
  expect(wrapText('it loses 12 % of them', 12)).toEqual(['it loses', '12 % of them']);
});

test('shortened() and padded() count characters', () => {
  expect(shortened('evict+retry', 6)).toBe('evict…');
  expect(shortened('évict', 5)).toBe('évict');
  expect(padded('ü', 3, 'left')).toBe('  ü');
  expect(padded('ü', 3, 'right')).toBe('ü  ');
});
