/** Lateness by arrivals, on arrivals that were made up: the start is fitted, the better schedule counts. */
import { expect, test } from 'vitest';
import { type Arrival, latenessMsP99, readArrivals } from './lateness.ts';

const ms = 1e6;

/** Three seconds of ten requests a second on each of `connections`, put in place by `dueMs`. */
function arrivals(connections: number, dueMs: (row: number, connection: number) => number): Arrival[] {
  return Array.from({ length: 30 * connections }, (_, index) => {
    const connection = index % connections;
    return { connection, ns: dueMs(Math.floor(index / connections), connection) * ms };
  });
}

test('an even schedule over all connections is not late, wherever it starts', () => {
  const even = arrivals(4, (row, connection) => 7 + row * 100 + connection * 25);
  expect(latenessMsP99(even, { perSecond: 40, connections: 4, seconds: 2 })).toBeCloseTo(0);
});

test('connections that send in bursts, each evenly, are not late', () => {
  const bursts = arrivals(4, (row) => row * 100);
  expect(latenessMsP99(bursts, { perSecond: 40, connections: 4, seconds: 2 })).toBeCloseTo(0);
});

test('one late arrival in ten is the p99; before the last seconds it does not count', () => {
  const late = (row: number) => arrivals(1, (at) => at * 100 + (at === row ? 3 : 0));
  expect(latenessMsP99(late(20), { perSecond: 10, connections: 1, seconds: 2 })).toBeCloseTo(3);
  expect(latenessMsP99(late(5), { perSecond: 10, connections: 1, seconds: 2 })).toBeCloseTo(0);
});

test('a generator that leaves out a request is late by a period from there on', () => {
  const skipped = arrivals(1, (row) => row * 100 + (row >= 20 ? 100 : 0));
  expect(latenessMsP99(skipped, { perSecond: 10, connections: 1, seconds: 2 })).toBeCloseTo(100);
});

test('no arrivals is an error', () => {
  expect(() => latenessMsP99([], { perSecond: 10, connections: 1, seconds: 2 })).toThrow(
    'no request arrived',
  );
});

test('readArrivals() keeps nanoseconds apart that a double does not', () => {
  const read = readArrivals('0 1790000000000000001\n3 1790000000000000004\n');
  expect(read).toEqual([
    { connection: 0, ns: 0 },
    { connection: 3, ns: 3 },
  ]);
});
