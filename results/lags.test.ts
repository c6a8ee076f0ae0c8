/** Lags are kept of a part of a long trial's requests, and of all of a short one's. */
import { expect, test } from 'vitest';
import { pooledLags } from './lags.ts';

const lagsOf = (requestPathNs: Float64Array) => ({
  requestPathNs,
  responsePathNs: requestPathNs,
  closePathNs: requestPathNs,
  serviceNs: requestPathNs,
  timerLatenessNs: requestPathNs,
});

/** Bursts of ten requests, each of which is noticed later than the one before it. */
const bursts = (count: number) => Float64Array.from({ length: count }, (_, index) => index % 10);

test('pooledLags() keeps the lags of requests at every place of a burst, however its length divides them', () => {
  const { requestPathNs, serviceNs } = pooledLags([lagsOf(bursts(400_000)), lagsOf(bursts(600_000))]);
  expect(requestPathNs).toHaveLength(100_000);
  const mean = requestPathNs.reduce((sum, value) => sum + value, 0) / requestPathNs.length;
  expect(Math.abs(mean - 4.5)).toBeLessThan(0.05);
  // One request's timings stay side by side.
  expect(serviceNs).toEqual(requestPathNs);
});

test('pooledLags() keeps all of a few', () => {
  const { requestPathNs } = pooledLags([lagsOf(bursts(70_000)), lagsOf(bursts(30_000))]);
  expect(requestPathNs).toEqual(Float64Array.from([...bursts(70_000), ...bursts(30_000)]));
});
