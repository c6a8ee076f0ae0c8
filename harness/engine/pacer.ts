/**
 * Sends each row of an open-loop plan at its intended time, whatever became of the rows before.
 *
 * A row that is late (the event loop was busy) is sent at once and keeps its intended time, so its
 * wait shows as lateness and in the response time: no coordinated omission. The pacer knows the
 * plan and the clock; it opens no socket.
 */
import type { Clock } from '../base/time/clock.ts';
import { PreciseTimer } from '../base/time/precise-timer.ts';

export interface Pace {
  /** ns from the start, ascending. */
  readonly intendedNs: Float64Array;
  /** CLOCK_MONOTONIC ns of the plan's time 0. */
  readonly startNs: number;
  /** Rows still unsent this long after the last intended time are given up. */
  readonly giveUpNs: number;
  readonly clock: Clock;
  send(row: number): void;
}

/** Resolves with the number of rows sent, once the last is sent or the rest is given up. */
export function pace({ intendedNs, startNs, giveUpNs, clock, send }: Pace): Promise<number> {
  const rows = intendedNs.length;
  const lastNs = rows === 0 ? 0 : intendedNs[rows - 1];
  return new Promise((resolve) => {
    let next = 0;
    const timer = new PreciseTimer(clock, () => {
      const sinceStartNs = clock.nowNs() - startNs;
      if (sinceStartNs > lastNs + giveUpNs) {
        resolve(next);
        return;
      }
      next = sendDue(intendedNs, next, sinceStartNs, send);
      if (next === rows) resolve(next);
      else timer.set(startNs + intendedNs[next]);
    });
    timer.set(rows === 0 ? startNs : startNs + intendedNs[0]);
  });
}

/** Sends the rows from `next` on that are due; returns the first that is not. At most `turnRows` at a time, so that answers are read in between. */
export function sendDue(
  intendedNs: Float64Array,
  next: number,
  sinceStartNs: number,
  send: (row: number) => void,
): number {
  const stop = Math.min(intendedNs.length, next + turnRows);
  let row = next;
  while (row < stop && intendedNs[row] <= sinceStartNs) send(row++);
  return row;
}

const turnRows = 256;
