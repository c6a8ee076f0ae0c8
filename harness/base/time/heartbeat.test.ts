/** The heartbeat in virtual time: what counts as a stall, and what does not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from './heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A process that has had `cpuMs` of CPU when the clock shows `nowMs`. */
function startedHeartbeat() {
  const time = { nowMs: 1_000, cpuMs: 50 };
  const heartbeat = new Heartbeat({ nowNs: () => time.nowMs * 1e6 }, () => time.cpuMs * 1e6);
  heartbeat.start();
  /** The timer fires after `gapMs`, of which the process worked for `workedMs`. */
  const beatAfter = (gapMs: number, workedMs: number) => {
    time.nowMs += gapMs;
    time.cpuMs += workedMs;
    vi.advanceTimersByTime(10);
  };
  const stalls = () => [...heartbeat.pulse().stalledNs].map((ns) => ns / 1e6);
  return { time, heartbeat, beatAfter, stalls };
}

test('Heartbeat counts the time in which the process could not run', () => {
  const { heartbeat, beatAfter, stalls } = startedHeartbeat();
  beatAfter(10, 2);
  beatAfter(1_310, 0);
  beatAfter(12, 1);
  expect(stalls()).toEqual([0, 1_300, 1, 0]);
  expect([...heartbeat.pulse().atNs].slice(0, 3)).toEqual([1.01e9, 2.32e9, 2.332e9]);
});

test('Heartbeat takes work for work, however long it keeps the timer waiting', () => {
  const { beatAfter, stalls } = startedHeartbeat();
  beatAfter(210, 210);
  beatAfter(210, 150);
  expect(stalls().slice(0, 2)).toEqual([0, 50]);
});

test('Heartbeat shows a stall that has not been followed by a beat yet', () => {
  const { time, stalls } = startedHeartbeat();
  time.nowMs += 400;
  expect(stalls()).toEqual([390]);
});

test('Heartbeat leaves out what was asked for', () => {
  const { time, heartbeat, beatAfter, stalls } = startedHeartbeat();
  beatAfter(10, 0);
  time.nowMs += 3_000;
  heartbeat.skip();
  beatAfter(10, 0);
  expect(stalls()).toEqual([0, 0, 0]);
});
