import { expect, test } from 'vitest';
import { clusteredRate } from './clustered-rate.ts';
import { wilsonInterval } from './wilson-interval.ts';

test('clusteredRate() of one trial has no bounds, unless nothing failed', () => {
  expect(clusteredRate([{ failed: 30, started: 1000 }])).toEqual({ estimate: 0.03, low: null, high: null });
  expect(clusteredRate([{ failed: 0, started: 1000 }])).toEqual(wilsonInterval(0, 1000));
});

test('clusteredRate() of rounds that agree is Wilson on all requests, not narrower', () => {
  const same = { failed: 30, started: 1000 };
  expect(clusteredRate([same, same, same])).toEqual(wilsonInterval(90, 3000));
});

test('clusteredRate() of scattered rounds is about the t interval of their rates', () => {
  const rates = [0.028, 0.03, 0.032];
  const { estimate, low, high } = clusteredRate(
    rates.map((rate) => ({ failed: rate * 100_000, started: 100_000 })),
  );
  const halfWidth = (4.302653 * 0.002) / Math.sqrt(3);
  expect(estimate).toBeCloseTo(0.03, 12);
  expect(((high ?? 0) - (low ?? 0)) / 2 / halfWidth).toBeCloseTo(1, 1);
});

test('clusteredRate() pools by requests, not by trials', () => {
  expect(
    clusteredRate([
      { failed: 0, started: 900 },
      { failed: 10, started: 100 },
    ]).estimate,
  ).toBe(0.01);
});

test('clusteredRate() without failures starts at 0 and ends above it', () => {
  const none = { failed: 0, started: 5000 };
  expect(clusteredRate([none, none, none])).toEqual(wilsonInterval(0, 15_000));
});

test('clusteredRate() of nothing is unknown', () => {
  const unknown = { estimate: null, low: null, high: null };
  expect(clusteredRate([])).toEqual(unknown);
  expect(clusteredRate([{ failed: 0, started: 0 }])).toEqual(unknown);
});

test('clusteredRate() leaves out a trial that started nothing', () => {
  const trials = [
    { failed: 10, started: 1000 },
    { failed: 40, started: 1000 },
  ];
  expect(clusteredRate([...trials, { failed: 0, started: 0 }])).toEqual(clusteredRate(trials));
});
