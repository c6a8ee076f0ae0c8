import { expect, test } from 'vitest';
import { systemClock } from '../base/time/clock.ts';
import { nsPerMs } from '../base/units.ts';
import { pace, sendDue } from './pacer.ts';

const plan = Float64Array.of(0, 10, 10, 20, 35);

test.each([
  { next: 0, now: -1, sent: [], reaches: 0 },
  { next: 0, now: 0, sent: [0], reaches: 1 },
  { next: 1, now: 9, sent: [], reaches: 1 },
  { next: 1, now: 10, sent: [1, 2], reaches: 3 },
  { next: 1, now: 100, sent: [1, 2, 3, 4], reaches: 5 },
  { next: 5, now: 100, sent: [], reaches: 5 },
])('sendDue() from row $next at $now sends $sent', ({ next, now, sent, reaches }) => {
  const rows: number[] = [];
  expect(sendDue(plan, next, now, (row) => rows.push(row))).toBe(reaches);
  expect(rows).toEqual(sent);
});

test('sendDue() sends at most 256 rows in one turn', () => {
  const rows: number[] = [];
  expect(sendDue(new Float64Array(1_000), 0, 1, (row) => rows.push(row))).toBe(256);
  expect(rows).toHaveLength(256);
});

test('pace() sends every row in order, none before its time', async () => {
  const intendedNs = Float64Array.from({ length: 50 }, (_, row) => row * 0.7 * nsPerMs);
  const startNs = systemClock.nowNs() + 5 * nsPerMs;
  const sentAtNs: number[] = [];
  const order: number[] = [];
  const giveUpNs = 20_000 * nsPerMs;
  const send = (row: number) => {
    order.push(row);
    sentAtNs.push(systemClock.nowNs() - startNs);
  };
  expect(await pace({ intendedNs, startNs, giveUpNs, clock: systemClock, send })).toBe(50);
  expect(order).toEqual([...intendedNs.keys()]);
  sentAtNs.forEach((atNs, row) => {
    expect(atNs).toBeGreaterThanOrEqual(intendedNs[row]);
  });
});

test('pace() gives up what is still unsent long after the last intended time', async () => {
  // The clock stands a minute after the plan's end: nothing can be sent in time any more.
  const clock = { nowNs: () => 60_000 * nsPerMs };
  const sent: number[] = [];
  const intendedNs = Float64Array.of(0, 1, 2);
  const send = (row: number) => sent.push(row);
  expect(await pace({ intendedNs, startNs: 0, giveUpNs: 1_000 * nsPerMs, clock, send })).toBe(0);
  expect(sent).toEqual([]);
});
