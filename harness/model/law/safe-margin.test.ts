import { expect, test } from 'vitest';
import { safeMarginMs } from './safe-margin.ts';

test('safeMarginMs() adds both lags and an early timer to the round trip', () => {
  expect(safeMarginMs({ rttMs: 20, serverLagMs: 50, clientLagMs: 30 })).toBe(100);
  expect(safeMarginMs({ rttMs: 20, serverLagMs: 50, clientLagMs: 30, timerEarlyMs: 1 })).toBe(101);
});
