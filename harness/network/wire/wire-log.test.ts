import { expect, test } from 'vitest';
import { WireLog } from './wire-log.ts';

const ms = 1e6;

test('WireLog reports the lateness of the measured time, not of the connects before or the closes after', () => {
  const log = new WireLog();
  for (let index = 0; index < 100; index++) log.late(index * ms + 80 * ms, index * ms);
  for (let index = 0; index < 100; index++) log.late((1_000 + index) * ms + 1 * ms, (1_000 + index) * ms);
  for (let index = 0; index < 100; index++) log.late((2_000 + index) * ms + 90 * ms, (2_000 + index) * ms);
  expect(log.report({ fromNs: 1_000 * ms, toNs: 2_000 * ms }).latenessMs).toEqual({ p50: 1, p99: 1, max: 1 });
  expect(log.report().latenessMs.max).toBe(90);
});
