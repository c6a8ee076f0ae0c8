/** What every check says of a trial beside its own subject: the conservation laws, and the health gate's complaints. */
import { type HealthMetric, healthLimits, isPast } from '../contract/health.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { Finding } from './check.ts';

const lawBroken = 'a law is broken';
/** The strictest there are: without a wire, the window is as narrow as it gets. */
const limits = healthLimits({ rttMs: 0, requestTimeoutMs: Number.POSITIVE_INFINITY });

export function lawsFinding({ health: { laws } }: Pick<TrialResult, 'health'>, where: string): Finding {
  const broken = laws.filter(({ left, right }) => left !== right);
  return {
    what: `conservation laws ${where}`,
    expected: 'all hold',
    measured:
      broken.length === 0
        ? 'all hold'
        : broken.map(({ law, left, right }) => `${law} (${left} ≠ ${right})`).join('; '),
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
export function complaints({ health }: TrialResult): string[] {
  return health.reasons.filter((reason) => !reason.startsWith(lawBroken));
}
