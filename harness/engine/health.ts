/**
 * Is a trial fit to be counted? Reads off what the health gate looks at and holds it against the table in
 * `contract/health.ts`; `docs/method.md` gives the reason for each limit.
 */
import { nsPerMs } from '../base/clock.ts';
import {
  type HealthMetric,
  type HealthReadings,
  healthLimits,
  isPast,
  type MachineSpan,
} from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TrialHealth } from '../contract/trial.ts';
import { checkLaws, type ServerBooks } from './laws.ts';

/** @param machine null: it was not read, because the trial was too short or the target gone. */
export function trialHealth(
  plan: LoadPlan,
  generator: GeneratorReport,
  books: ServerBooks,
  machine: MachineSpan | null,
): TrialHealth {
  const laws = checkLaws(plan, generator, books);
  const broken = laws
    .filter(({ left, right }) => left !== right)
    .map(({ law, left, right }) => `a law is broken: ${law} (${left} ≠ ${right})`);
  const readings = readingsOf(plan, generator, machine);
  const past = (Object.keys(readings) as HealthMetric[])
    .filter((metric) => isPast(metric, readings[metric], 'max'))
    .map((metric) => reasonWords(metric, readings[metric] ?? Number.NaN));
  const reasons = [...broken, ...past];
  return { ok: reasons.length === 0, reasons, laws, readings };
}

function readingsOf(plan: LoadPlan, generator: GeneratorReport, machine: MachineSpan | null): HealthReadings {
  const rows = plan.client.length;
  const closed = plan.loop === 'closed';
  return {
    ...machineReadings(machine),
    latenessMsP99: closed ? null : latenessMsP99(plan, generator),
    generatorEventLoopDelayMsP99: generator.eventLoopDelayMsP99,
    generatorCpuShare: closed ? generator.cpuShare : null,
    droppedShare: rows === 0 ? null : generator.counters.dropped / rows,
  };
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
  const sorted = Float64Array.from(late).sort();
  return sorted.length === 0 ? null : sorted[Math.ceil(sorted.length * 0.99) - 1] / nsPerMs;
}

/** For people: what was past its limit, by how much. */
function reasonWords(metric: HealthMetric, value: number): string {
  const { max } = healthLimits[metric];
  const ms = `${value.toFixed(1)} ms (limit ${max} ms)`;
  const percent = `${(value * 100).toFixed(1)} % (limit ${max * 100} %)`;
  switch (metric) {
    case 'latenessMsP99':
      return `the generator was late: p99 ${ms}`;
    case 'generatorEventLoopDelayMsP99':
      return `the generator's event loop was held up: p99 ${ms}`;
    case 'generatorCpuShare':
      return `the generator was the limit, not the target: CPU ${percent}`;
    case 'droppedShare':
      return `requests were never sent: ${percent}`;
    case 'targetWaitShare':
      return `the target had to wait for a CPU: ${percent} of the time`;
    case 'stealShare':
      return `the hypervisor took CPU time away: ${percent}`;
    case 'clockStepMs':
      return `the wall clock was set: by ${ms}`;
  }
}
