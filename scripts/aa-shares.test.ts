import { expect, test } from 'vitest';
import { falseAlarmsHold, isFalseAlarm, shareWords } from './aa-shares.ts';

test.each([
  [0, 40, true],
  [2, 40, true],
  [5, 40, true],
  [6, 40, false],
  [40, 40, false],
  [0, 0, false],
])('falseAlarmsHold(%d of %d) is %s', (alarms, repetitions, expected) => {
  expect(falseAlarmsHold(alarms, repetitions)).toBe(expected);
});

test('shareWords() names count, share and interval', () => {
  expect(shareWords(2, 40)).toBe('2 of 40: 5.0 % (1.4 % to 16.5 %)');
});

test.each([
  ['better', true],
  ['slightly-worse', true],
  ['no-difference', false],
  ['undecided', false],
  ['no-verdict', false],
] as const)('isFalseAlarm("%s") is %s', (word, expected) => {
  expect(isFalseAlarm(word)).toBe(expected);
});
