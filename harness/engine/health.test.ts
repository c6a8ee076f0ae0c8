/** The health gate: each reading below its limits, between them, and past both. */
import { expect, test } from 'vitest';
import { planOf } from '../../test/fixtures/plan.ts';
import {
  type HealthMetric,
  healthLimits,
  healthScale,
  isPast,
  type MachineSpan,
} from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import { trialHealth } from './health.ts';
import { ColumnRecorder } from './recorder.ts';
import type { HealthPart } from './stall-figures.ts';

const rows = 200;
const scale = { rttMs: 10, requestTimeoutMs: 1_000 };
const limits = healthLimits(scale);

interface Made {
  readonly lateMs?: number;
  readonly delayMs?: number;
  readonly cpuShare?: number;
  readonly dropped?: number;
  readonly waitMs?: number | null;
  readonly stealMs?: number | null;
  readonly wallStepMs?: number;
  readonly wireLateMs?: number;
  readonly wireCpuShare?: number;
  /** A part that could not run for `ms`, once or at one beat in fifty. */
  readonly stall?: {
    readonly part: HealthPart;
    readonly ms: number;
    readonly often?: boolean;
    readonly atMs?: number;
  };
  readonly loop?: LoadPlan['loop'];
  readonly warmupMs?: number;
}

/** A trial of one second with nothing wrong but what is asked for. */
function judged(made: Made) {
  const { wireLateMs = 0.2, wireCpuShare = 0.1, stall } = made;
  const { lateMs = 0, delayMs = 1, cpuShare = 0.3, dropped = 0, loop = 'open', warmupMs = 0 } = made;
  const plan = planOf({
    loop,
    warmupNs: warmupMs * 1e6,
    endNs: 1e9,
    intendedNs: Float64Array.from({ length: rows }, (_, row) => (loop === 'open' ? row * 5e6 : 0)),
  });
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
  const evidence = {
    span: { usage: null, machine: spanOf(made), wireCpuShare },
    pulses: stall === undefined ? [] : [{ part: stall.part, pulse: pulseWith(stall) }],
    wires: [0.1, wireLateMs].map((p99) => ({ latenessMs: { p50: 0.1, p99, max: p99 } })),
  };
  return trialHealth(plan, report, { target: null, balancer: null, capture: null }, evidence, scale);
}

/** A look every 10 ms of the trial's second. */
function pulseWith({ ms, often = false, atMs = 500 }: NonNullable<Made['stall']>) {
  const atNs = Float64Array.from({ length: 100 }, (_, look) => (look + 1) * 10e6);
  const isStalled = (ns: number, look: number) => (often ? look % 50 < 2 : ns === atMs * 1e6);
  return { atNs, stalledNs: atNs.map((ns, look) => (isStalled(ns, look) ? ms * 1e6 : 0.1e6)) };
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
  ['wireLatenessMsP99', { wireLateMs: 4 }, { wireLateMs: 6 }, { wireLateMs: 51 }],
  ['generatorStallMsMax', ...stallsOf('generator')],
  ['wireStallMsMax', ...stallsOf('wire')],
  ['balancerStallMsMax', ...stallsOf('balancer')],
  ['targetStallMsMax', ...stallsOf('target')],
  [
    'targetStallMsP99',
    { stall: { part: 'target', ms: 4, often: true } },
    { stall: { part: 'target', ms: 6, often: true } },
    { stall: { part: 'target', ms: 51, often: true } },
  ],
  ['stealShare', { stealMs: 80 }, { stealMs: 200 }, { stealMs: 600 }],
])('trialHealth() reads %s: fine, worth a warning, no verdict', (metric, fine, worth, over) => {
  const [first, second, third] = [fine, worth, over].map(judged);
  expect([first, second, third].map(({ ok }) => ok)).toEqual([true, true, false]);
  expect(isPast(first.readings[metric], limits[metric].warn)).toBe(false);
  expect(isPast(second.readings[metric], limits[metric].warn)).toBe(true);
  expect(third.reasons).toHaveLength(1);
  expect(third.reasons[0]).toContain(`limit`);
  expect(limits[metric].warn).toBeLessThan(limits[metric].max ?? 0);
});

function stallsOf(part: HealthPart): [Made, Made, Made] {
  const made = (ms: number) => ({ stall: { part, ms } });
  return [made(9), made(11), made(101)];
}

test.each<[HealthMetric, Made]>([
  ['wireCpuShare', { wireCpuShare: 0.97 }],
  ['droppedShare', { dropped: 100 }],
  ['targetWaitShare', { waitMs: 950 }],
  ['clockStepMs', { wallStepMs: 3_600_000 }],
])(
  'trialHealth() warns of %s and counts the trial: the harness is not why, or no time is wrong',
  (metric, made) => {
    const { ok, reasons, readings } = judged(made);
    expect({ ok, reasons }).toEqual({ ok: true, reasons: [] });
    expect(isPast(readings[metric], limits[metric].warn)).toBe(true);
  },
);

test('trialHealth() names the part that stalled, and for how long', () => {
  expect(judged({ stall: { part: 'wire', ms: 1_300 } }).reasons).toEqual([
    'the wire could not run for 1300.0 ms (limit 100 ms)',
  ]);
});

test('trialHealth() leaves out a stall that ended before what is measured, or came after it', () => {
  const stall = { part: 'wire', ms: 300 } as const;
  const judgedFrom = (warmupMs: number) => judged({ stall, warmupMs }).ok;
  expect([0, 400, 600].map(judgedFrom)).toEqual([false, false, true]);
});

test('healthLimits() follow the round trip and the request timeout', () => {
  const limitsAt = (rttMs: number, requestTimeoutMs = 1_000) => {
    const { latenessMsP99, wireStallMsMax } = healthLimits({ rttMs, requestTimeoutMs });
    return [latenessMsP99.warn, latenessMsP99.max, wireStallMsMax.warn, wireStallMsMax.max];
  };
  expect(limitsAt(0)).toEqual([5, 50, 10, 100]);
  expect(limitsAt(40)).toEqual([20, 80, 40, 100]);
  expect(limitsAt(200)).toEqual([25, 250, 50, 100]);
  expect(limitsAt(10, 60)).toEqual([5, 50, 10, 30]);
});

test('healthScale() is that of the hop on which the race happens', () => {
  const network = { rttMs: 2, upstreamRttMs: 30 };
  expect(healthScale(network, false, 500)).toEqual({ rttMs: 2, requestTimeoutMs: 500 });
  expect(healthScale(network, true, 500)).toEqual({ rttMs: 30, requestTimeoutMs: 500 });
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
