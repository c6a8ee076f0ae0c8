/** What every check says of a trial beside its own subject: the conservation laws, and the health gate's complaints. */
import { type HealthMetric, healthLimits, isPast } from '../contract/health.ts';
import type { TrialResult } from '../contract/trial.ts';
import { lawReason, lawWords } from '../engine/laws.ts';
import type { Finding } from './check.ts';

/** The strictest there are: without a wire, the window is as narrow as it gets. */
const limits = healthLimits({ rttMs: 0, requestTimeoutMs: Number.POSITIVE_INFINITY });

export function lawsFinding({ health: { laws } }: Pick<TrialResult, 'health'>, where: string): Finding {
  const broken = laws.filter(({ left, right }) => left !== right);
  return {
    kind: 'law',
    what: `conservation laws ${where}`,
    expected: 'all hold',
    measured: broken.length === 0 ? 'all hold' : broken.map(lawWords).join('; '),
    held: broken.length === 0,
  };
}

/** Signs of trouble: readings that a run would warn of. They excuse what is wrong in the same trial. */
export function strain({ health: { readings } }: TrialResult): string[] {
  return (Object.keys(readings) as HealthMetric[])
    .filter((metric) => isPast(readings[metric], limits[metric].warn))
    .map((metric) => `${metric} was ${readings[metric]?.toPrecision(3)} (limit ${limits[metric].warn})`);
}

/** Reasons to refuse: those that are not a wrong count. */
export function complaints({ health: { laws, reasons } }: TrialResult): string[] {
  const broken = laws.map(lawReason);
  return reasons.filter((reason) => !broken.includes(reason));
}
