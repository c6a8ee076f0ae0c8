import { expect, test } from 'vitest';
import type { StrategySummary, Verdict } from '../harness/contract/summary.ts';
import { effectText } from './effect-text.ts';

/** CPU of a strategy that has some, against a reference that has some. */
function cpu(estimate: number, low: number, high: number): string {
  const strategy = { server: { cpuMsPer1000Requests: { estimate: 100 } } } as StrategySummary;
  const verdict = { scale: 'ratio', effect: { estimate, low, high } } as Verdict;
  return effectText('cpuPer1000Requests', verdict, strategy, strategy);
}

test('effectText() never rounds a bound to 0 %, which would include "no difference"', () => {
  expect(cpu(1.22, 1.004, 1.49)).toBe('22 % more, 0.40 % to 49 %');
  expect(cpu(0.78, 0.6, 0.997)).toBe('22 % less, 0.30 % to 40 %');
  expect(cpu(1.22, 1.05, 1.49)).toBe('22 % more, 5 % to 49 %');
});
