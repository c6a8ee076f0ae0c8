/** Compares the health of a trial with the stops of its processes. Pure. */
import { type HealthMetric, healthLimits } from '../contract/health.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { HealthPart } from '../engine/stall-figures.ts';
import type { Finding } from './check.ts';
import { lostVerdict } from './common-findings.ts';
import type { Verdict } from './conclude.ts';
import { lawsFinding } from './laws-finding.ts';

/** One stop of one or more parts at once. */
export interface Stop {
  readonly parts: readonly HealthPart[];
  /** From SIGSTOP to SIGCONT, as measured by the one who sent them. */
  readonly stoppedMs: number;
}

export const stallScale = { rttMs: 4, requestTimeoutMs: 10_000 };
const { warn, max } = healthLimits(stallScale).wireStallMsMax;

const readingOf = {
  generator: 'generatorStallMsMax',
  wire: 'wireStallMsMax',
  balancer: 'balancerStallMsMax',
  target: 'targetStallMsMax',
} as const satisfies Record<HealthPart, HealthMetric>;

/** A process's own beat comes every 10 ms, a look from outside every 20 ms. */
const coarseMs = 25;
/** What the process worked while it caught up is not part of the stall. */
const coarseShare = 0.02;

/**
 * Two verdicts: that a stop is seen and its part named has no excuse; that nothing else stood still, or for longer,
 * has one on a busy machine.
 */
export function judgeStops(
  stops: readonly Stop[],
  { identity: { id }, generator, health }: Pick<TrialResult, 'identity' | 'generator' | 'health'>,
): readonly Verdict[] {
  const where = `in ${id}`;
  if (generator === null) return [lostVerdict({ health }, where)];
  const parts = (Object.keys(readingOf) as HealthPart[]).map((part): PartReading => {
    const own = stops.filter((stop) => stop.parts.includes(part)).map(({ stoppedMs }) => stoppedMs);
    const isNamed = health.reasons.some((reason) => reason.startsWith(`the ${part} could not run for `));
    return { part, readMs: health.readings[readingOf[part]], stoppedMs: Math.max(0, ...own), isNamed };
  });
  const stopped = parts.filter(({ stoppedMs }) => stoppedMs > 0);
  const loose = parts.flatMap((part) => looseFindings(part, where));
  return [
    {
      findings: [...stopped.flatMap((part) => strictFindings(part, where)), lawsFinding({ health }, where)],
      unhealthy: [],
      slowness: [],
    },
    {
      findings: loose,
      unhealthy: [],
      slowness: loose.filter(({ held }) => !held).map(({ what, measured }) => `${what}: ${measured}`),
    },
  ];
}

interface PartReading {
  readonly part: HealthPart;
  /** null: no such part, or the OS does not tell. */
  readonly readMs: number | null;
  /** 0: it was not stopped. */
  readonly stoppedMs: number;
  /** Among the reasons for which the trial is left out. */
  readonly isNamed: boolean;
}

function strictFindings({ part, readMs, stoppedMs, isNamed }: PartReading, where: string): Finding[] {
  const leastMs = Math.max(warn, stoppedMs * (1 - coarseShare) - coarseMs);
  const what = `the ${part}, stopped for ${stoppedMs.toFixed(0)} ms ${where}`;
  const read = {
    what: `${what}: reading`,
    expected: `at least ${leastMs.toFixed(0)} ms`,
    measured: msWords(readMs),
    held: readMs !== null && readMs >= leastMs,
  };
  if (leastMs <= max) return [read];
  const named = {
    what: `${what}: the trial`,
    expected: 'left out because of it',
    measured: isNamed ? 'left out because of it' : 'not left out because of it',
    held: isNamed,
  };
  return [read, named];
}

/** Of a part that was not stopped, or for a short time: that the trial counts, as far as that part goes. */
function looseFindings({ part, readMs, stoppedMs }: PartReading, where: string): Finding[] {
  if (readMs === null) return [];
  const mostMs = stoppedMs === 0 ? max : Math.max(stoppedMs + coarseMs * 2, warn);
  return [
    {
      what: `the ${part} ${where}, ${stoppedMs === 0 ? 'never stopped' : `stopped for ${stoppedMs.toFixed(0)} ms`}`,
      expected: `stalled for at most ${mostMs.toFixed(0)} ms`,
      measured: msWords(readMs),
      held: readMs <= mostMs,
    },
  ];
}

function msWords(ms: number | null): string {
  return ms === null ? 'no reading' : `${ms.toFixed(0)} ms`;
}
