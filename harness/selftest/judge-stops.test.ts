/** Trials that were tampered with, shown to the judge of the stops. */
import { expect, test } from 'vitest';
import { trialResultOf } from '../../test/fixtures/trial-result.ts';
import type { HealthReadings } from '../contract/health.ts';
import { conclude } from './conclude.ts';
import { judgeStops, type Stop } from './judge-stops.ts';

const wireStopped: Stop = { parts: ['wire'], stoppedMs: 1_300 };

const trial = (readings: Partial<HealthReadings>, reasons: readonly string[]) =>
  trialResultOf({ health: { reasons, readings } });

function statusOf(stops: readonly Stop[], ...made: Parameters<typeof trial>) {
  return conclude(judgeStops(stops, trial(...made)), '').status;
}

const named = ['the wire could not run for 1294.0 ms (limit 100 ms)'];

test('judgeStops() holds for a trial that is left out because of the part that was stopped', () => {
  expect(statusOf([wireStopped], { wireStallMsMax: 1_294, generatorStallMsMax: 2 }, named)).toBe('held');
});

test('judgeStops() fails a trial that counts, or is left out for something else', () => {
  expect(statusOf([wireStopped], { wireStallMsMax: 1_294 }, [])).toBe('failed');
  const late = ['the generator was late: p99 61.0 ms (limit 20 ms)'];
  expect(statusOf([wireStopped], { wireStallMsMax: 1_294 }, late)).toBe('failed');
});

test('judgeStops() fails a stop that was read too short, or not at all', () => {
  expect(statusOf([wireStopped], { wireStallMsMax: 700 }, named)).toBe('failed');
  expect(statusOf([wireStopped], { wireStallMsMax: null }, named)).toBe('failed');
});

test('judgeStops() fails a short stop that nothing notes, and lets one count that is noted', () => {
  const short: Stop = { parts: ['balancer'], stoppedMs: 50 };
  expect(statusOf([short], { balancerStallMsMax: 3 }, [])).toBe('failed');
  expect(statusOf([short], { balancerStallMsMax: 64 }, [])).toBe('held');
});

test('judgeStops() refuses when a part stood still that was not stopped, or for longer', () => {
  expect(statusOf([wireStopped], { wireStallMsMax: 1_294, targetStallMsMax: 180 }, named)).toBe('refused');
  expect(statusOf([wireStopped], { wireStallMsMax: 2_100 }, named)).toBe('refused');
});

test('judgeStops() fails a trial that was cut short, with the reason', () => {
  const lost = { ...trial({}, ['the target was lost']), generator: null };
  const [verdict] = judgeStops([wireStopped], lost);
  expect(verdict.findings).toMatchObject([{ measured: 'the target was lost', held: false }]);
});
