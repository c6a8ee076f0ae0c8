/**
 * Is a trial fit to be counted? One table of limits; `docs/method.md` gives the reason for each.
 *
 * Past a limit the trial is kept and marked, and left out of every estimate: a generator that was
 * late measured itself.
 */
import { nsPerMs } from '../base/clock.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { TrialHealth } from '../contract/trial.ts';
import { checkLaws } from './laws.ts';

const healthLimits = {
  /** Started minus intended, 99th percentile over the measured time. Moves idle gaps and response times by as much. */
  latenessMsP99: 50,
  /** Share of scheduled requests that were never sent. */
  droppedShare: 0.01,
} as const;

export function trialHealth(
  plan: LoadPlan,
  generator: GeneratorReport,
  target: TargetReport | null,
): TrialHealth {
  const laws = checkLaws(plan, generator, target);
  const reasons = laws
    .filter(({ left, right }) => left !== right)
    .map(({ law, left, right }) => `a law is broken: ${law} (${left} ≠ ${right})`);
  const lateMs = plan.loop === 'open' ? latenessMsP99(plan, generator) : 0;
  if (lateMs > healthLimits.latenessMsP99) {
    reasons.push(
      `the generator was late: p99 ${lateMs.toFixed(1)} ms (limit ${healthLimits.latenessMsP99} ms)`,
    );
  }
  const { dropped } = generator.counters;
  const share = plan.client.length === 0 ? 0 : dropped / plan.client.length;
  if (share > healthLimits.droppedShare) {
    reasons.push(`${dropped} of ${plan.client.length} requests were never sent`);
  }
  return { ok: reasons.length === 0, reasons, laws };
}

function latenessMsP99(
  { intendedNs, warmupNs }: LoadPlan,
  { requests: { startedNs } }: GeneratorReport,
): number {
  const late: number[] = [];
  for (let row = 0; row < startedNs.length; row++) {
    if (intendedNs[row] >= warmupNs && !Number.isNaN(startedNs[row])) {
      late.push(startedNs[row] - intendedNs[row]);
    }
  }
  const sorted = Float64Array.from(late).sort();
  return sorted.length === 0 ? 0 : sorted[Math.ceil(sorted.length * 0.99) - 1] / nsPerMs;
}
