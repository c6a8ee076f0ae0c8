/** Holds the conservation laws of all trials together: one finding per law, and no excuse for any. */
import type { TrialResult } from '../contract/trial.ts';
import type { CheckResult, Finding } from './check.ts';
import { conclude } from './conclude.ts';
import { count } from './figures.ts';

/**
 * @param trials All that ran. One that was cut short has no laws; whoever ran it has said so.
 * @param others Findings that no machine can be blamed for.
 * @param othersAre What they looked at, for the summary.
 */
export function judgeLaws(
  trials: readonly TrialResult[],
  others: readonly Finding[],
  othersAre: string,
): CheckResult {
  const laws = trials.flatMap(({ health }) => health.laws);
  const names = [...new Set(laws.map(({ law }) => law))];
  const findings = names.map((name) => lawFinding(name, trials));
  const equal = laws.filter(({ left, right }) => left === right).length;
  const whole = trials.filter(({ generator }) => generator !== null).length;
  const deaths = trials.reduce((sum, { generator }) => sum + (generator?.deaths.request.length ?? 0), 0);
  const summary =
    `${count(equal)} of ${count(laws.length)} equations hold over ${whole === 1 ? '1 trial' : `${count(whole)} trials`}, in which ${count(deaths)} attempts died; ` +
    `${othersAre} lose nothing when merged, stored and read.`;
  const someLaw = {
    kind: 'law' as const,
    what: 'conservation laws looked at',
    expected: 'at least 5',
    measured: `${names.length}`,
  };
  return conclude(
    [
      {
        findings: [{ ...someLaw, held: names.length >= 5 }, ...findings, ...others],
        unhealthy: [],
        slowness: [],
      },
    ],
    others.every(({ held }) => held) ? summary : `${summary.split(';')[0]}; a histogram does not.`,
  );
}

function lawFinding(name: string, trials: readonly TrialResult[]): Finding {
  const sides = trials.flatMap(({ identity, health }) =>
    health.laws.filter(({ law }) => law === name).map((one) => ({ ...one, trial: identity.id })),
  );
  const broken = sides.filter(({ left, right }) => left !== right);
  return {
    kind: 'law',
    what: `conservation laws: ${name}`,
    expected: `equal in ${count(sides.length)} trials`,
    measured:
      broken.length === 0
        ? `equal in ${count(sides.length)}`
        : broken.map(({ trial, left, right }) => `${trial}: ${count(left)} ≠ ${count(right)}`).join('; '),
    held: broken.length === 0,
  };
}
