/**
 * The health gate: decides whether a trial counts. Computes its readings and compares them with the limits in
 * `contract/health.ts`. `docs/method.md` gives the reason for each limit.
 */
import { quantileOfUnsorted } from '../base/statistics/quantile.ts';
import { nsPerMs } from '../base/units.ts';
import {
  type HealthMetric,
  type HealthReadings,
  type HealthScale,
  healthLimits,
  isPast,
  type MachineSpan,
} from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TrialHealth } from '../contract/trial.ts';
import type { WireReport } from '../contract/wire.ts';
import { checkLaws, lawReason, type ServerBooks } from './laws.ts';
import type { MeasuredSpan } from './measured-span.ts';
import { type HealthPart, type PartPulse, stallFigures } from './stall-figures.ts';

/** What was seen of the trial's processes and of the machine. */
interface HealthEvidence {
  readonly span: MeasuredSpan;
  readonly pulses: readonly PartPulse[];
  readonly wires: readonly Pick<WireReport, 'latenessMs'>[];
}

export function trialHealth(
  plan: LoadPlan,
  generator: GeneratorReport,
  books: ServerBooks,
  evidence: HealthEvidence,
  scale: HealthScale,
): TrialHealth {
  const laws = checkLaws(plan, generator, books);
  const broken = laws.filter(({ left, right }) => left !== right).map(lawReason);
  const readings = readingsOf(plan, generator, evidence);
  const limits = healthLimits(scale);
  const past = (Object.keys(readings) as HealthMetric[])
    .filter((metric) => isPast(readings[metric], limits[metric].max))
    .map((metric) => reasonWords(metric, readings[metric] ?? Number.NaN, limits[metric].max ?? Number.NaN));
  const reasons = [...broken, ...past];
  return { ok: reasons.length === 0, reasons, laws, readings };
}

function readingsOf(
  plan: LoadPlan,
  generator: GeneratorReport,
  { span, pulses, wires }: HealthEvidence,
): HealthReadings {
  const rows = plan.client.length;
  const closed = plan.loop === 'closed';
  const time = countedTime(plan, generator);
  const stalls = (part: HealthPart) => stallFigures(pulses, part, time);
  const target = stalls('target');
  return {
    ...machineReadings(span.machine),
    latenessMsP99: closed ? null : latenessMsP99(plan, generator),
    generatorEventLoopDelayMsP99: generator.eventLoopDelayMsP99,
    generatorStallMsMax: stalls('generator')?.msMax ?? null,
    generatorCpuShare: closed ? generator.cpuShare : null,
    droppedShare: rows === 0 ? null : generator.counters.dropped / rows,
    wireLatenessMsP99: wires.length === 0 ? null : Math.max(...wires.map(({ latenessMs }) => latenessMs.p99)),
    wireStallMsMax: stalls('wire')?.msMax ?? null,
    wireCpuShare: span.wireCpuShare,
    balancerStallMsMax: stalls('balancer')?.msMax ?? null,
    targetStallMsP99: target?.msP99 ?? null,
    targetStallMsMax: target?.msMax ?? null,
  };
}

/** From the end of the warm-up to the last answer, on CLOCK_MONOTONIC. A stall in this time delayed requests that count. */
function countedTime({ warmupNs, endNs }: LoadPlan, { startNs, requests: { doneNs } }: GeneratorReport) {
  const lastNs = doneNs.reduce((last, ns) => (ns > last ? ns : last), endNs);
  return { fromNs: startNs + warmupNs, toNs: startNs + lastNs };
}

function machineReadings(
  machine: MachineSpan | null,
): Pick<HealthReadings, 'targetWaitShare' | 'stealShare' | 'clockStepMs'> {
  if (machine === null) return { targetWaitShare: null, stealShare: null, clockStepMs: null };
  const { start, end } = machine;
  const spentMs = end.atMs - start.atMs;
  const grown = (name: 'cpuMs' | 'stealMs' | 'targetWaitMs') => {
    const [before, after] = [start[name], end[name]];
    return before === null || after === null ? null : after - before;
  };
  return {
    targetWaitShare: shareOf(grown('targetWaitMs'), spentMs),
    stealShare: shareOf(grown('stealMs'), grown('cpuMs')),
    clockStepMs: Math.abs(end.wallMs - start.wallMs - spentMs),
  };
}

function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : part / whole;
}

function latenessMsP99(
  { intendedNs, warmupNs }: LoadPlan,
  { requests: { startedNs } }: GeneratorReport,
): number | null {
  const late: number[] = [];
  for (let row = 0; row < startedNs.length; row++) {
    if (intendedNs[row] >= warmupNs && !Number.isNaN(startedNs[row])) {
      late.push(startedNs[row] - intendedNs[row]);
    }
  }
  const p99 = quantileOfUnsorted(late, 0.99);
  return p99 === null ? null : p99 / nsPerMs;
}

/** The reason as people read it: the reading that was past its limit, its value, and the limit. */
function reasonWords(metric: HealthMetric, value: number, limit: number): string {
  const ms = `${value.toFixed(1)} ms (limit ${limit} ms)`;
  const percent = `${(value * 100).toFixed(1)} % (limit ${limit * 100} %)`;
  switch (metric) {
    case 'latenessMsP99':
      return `the generator was late: p99 ${ms}`;
    case 'generatorEventLoopDelayMsP99':
      return `the generator's event loop was held up: p99 ${ms}`;
    case 'generatorStallMsMax':
      return `the generator could not run for ${ms}`;
    case 'generatorCpuShare':
      return `the generator was the limit, not the target: CPU ${percent}`;
    case 'droppedShare':
      return `requests were never sent: ${percent}`;
    case 'wireLatenessMsP99':
      return `the wire delivered late: p99 ${ms}`;
    case 'wireStallMsMax':
      return `the wire could not run for ${ms}`;
    case 'wireCpuShare':
      return `the wire was the limit, not the target: CPU ${percent}`;
    case 'balancerStallMsMax':
      return `the balancer could not run for ${ms}`;
    case 'targetStallMsP99':
      return `the target often waited for a CPU: p99 ${ms}`;
    case 'targetStallMsMax':
      return `the target could not run for ${ms}`;
    case 'targetWaitShare':
      return `the target had to wait for a CPU: ${percent} of the time`;
    case 'stealShare':
      return `the hypervisor took CPU time away: ${percent}`;
    case 'clockStepMs':
      return `the wall clock was changed by ${ms}`;
  }
}
