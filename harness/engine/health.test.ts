/** The health gate: each reading below its limits, between them, and past both. */
import { expect, test } from 'vitest';
import { type HealthMetric, healthLimits, isPast, type MachineSpan } from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import { trialHealth } from './health.ts';
import { ColumnRecorder } from './recorder.ts';

const rows = 200;

interface Made {
  readonly lateMs?: number;
  readonly delayMs?: number;
  readonly cpuShare?: number;
  readonly dropped?: number;
  readonly waitMs?: number | null;
  readonly stealMs?: number | null;
  readonly wallStepMs?: number;
  readonly loop?: LoadPlan['loop'];
}

/** A trial of one second with nothing wrong but what is asked for. */
function judged(made: Made) {
  const { lateMs = 0, delayMs = 1, cpuShare = 0.3, dropped = 0, loop = 'open' } = made;
  const plan: LoadPlan = {
    loop,
    round: 1,
    clients: 1,
    warmupNs: 0,
    endNs: 1e9,
    intendedNs: Float64Array.from({ length: rows }, (_, row) => (loop === 'open' ? row * 5e6 : 0)),
    client: new Uint32Array(rows),
    template: new Uint8Array(rows),
    bodyBytes: new Uint32Array(rows),
    templates: [{ method: 'POST', path: '/', headers: {} }],
    fingerprint: '',
  };
  let nowNs = 0;
  const recorder = new ColumnRecorder(plan, { nowNs: () => nowNs }, 0);
  const connection = recorder.connectionOpened(0);
  for (let row = 0; row < rows - dropped; row++) {
    nowNs = plan.intendedNs[row] + lateMs * 1e6;
    recorder.requestStarted(row);
    recorder.attemptSent(row, 1, connection, Number.NaN);
    recorder.attemptAnswered(row, 200);
    recorder.requestDone(row, 'ok');
  }
  const counters = recorder.finish(Array(rows).keys(), rows - dropped, loop === 'closed');
  const { requests, deaths, connections } = recorder;
  const report: GeneratorReport = {
    startNs: 0,
    counters,
    requests,
    deaths,
    connections,
    cpuShare,
    eventLoopDelayMsP99: delayMs,
  };
  return trialHealth(plan, report, { target: null, balancer: null, capture: null }, spanOf(made));
}

function spanOf({ waitMs = 0, stealMs = 0, wallStepMs = 0 }: Made): MachineSpan {
  const start = { atMs: 5_000, wallMs: 1e12, cpuMs: 100_000, stealMs: 700, targetWaitMs: 40 };
  return {
    start,
    end: {
      atMs: start.atMs + 1_000,
      wallMs: start.wallMs + 1_000 + wallStepMs,
      cpuMs: start.cpuMs + 2_000,
      stealMs: stealMs === null ? null : start.stealMs + stealMs,
      targetWaitMs: waitMs === null ? null : start.targetWaitMs + waitMs,
    },
  };
}

test.each<[HealthMetric, Made, Made, Made]>([
  ['latenessMsP99', { lateMs: 4 }, { lateMs: 6 }, { lateMs: 51 }],
  ['generatorEventLoopDelayMsP99', { delayMs: 19 }, { delayMs: 21 }, { delayMs: 101 }],
  [
    'generatorCpuShare',
    { cpuShare: 0.8, loop: 'closed' },
    { cpuShare: 0.95, loop: 'closed' },
    { cpuShare: 0.99, loop: 'closed' },
  ],
  ['droppedShare', { dropped: 0 }, { dropped: 1 }, { dropped: 3 }],
  ['targetWaitShare', { waitMs: 200 }, { waitMs: 500 }, { waitMs: 800 }],
  ['stealShare', { stealMs: 80 }, { stealMs: 200 }, { stealMs: 600 }],
  ['clockStepMs', { wallStepMs: -10 }, { wallStepMs: -300 }, { wallStepMs: 3_600_000 }],
])('trialHealth() reads %s: fine, worth a warning, no verdict', (metric, fine, worth, over) => {
  const [first, second, third] = [fine, worth, over].map(judged);
  expect([first, second, third].map(({ ok }) => ok)).toEqual([true, true, false]);
  expect(isPast(metric, first.readings[metric], 'warn')).toBe(false);
  expect(isPast(metric, second.readings[metric], 'warn')).toBe(true);
  expect(third.reasons).toHaveLength(1);
  expect(third.reasons[0]).toContain(`limit`);
  expect(healthLimits[metric].warn).toBeLessThan(healthLimits[metric].max);
});

test('trialHealth() takes a busy generator in an open loop for what it is: reading the clock', () => {
  expect(judged({ cpuShare: 1 })).toMatchObject({ ok: true, readings: { generatorCpuShare: null } });
});

test('trialHealth() has no reading, and no complaint, of what the OS does not tell', () => {
  expect(judged({ waitMs: null, stealMs: null })).toMatchObject({
    ok: true,
    readings: { targetWaitShare: null, stealShare: null },
  });
});
