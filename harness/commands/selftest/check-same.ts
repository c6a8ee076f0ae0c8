/**
 * A/A: the same strategy under two names, five rounds. Whatever differs is noise, so a harness that calls
 * it a difference cannot be trusted with real ones.
 */
import type { ComparedMetric } from '../../contract/summary.ts';
import { armTrialMs, compareArms, type Verdicts } from './arms.ts';
import type { Bench } from './bench.ts';
import type { Check, CheckResult, Finding } from './check.ts';
import { widened } from './widened.ts';

const rounds = 5;
/** Wider than this, the comparison says nothing: the machine was too busy. As a share; in points for the error rate. */
const halfWidthMax: Readonly<Record<ComparedMetric, number>> = {
  errorRate: 0.05,
  responseTimeP50: 0.5,
  responseTimeP99: 5,
  cpuPer1000Requests: 0.5,
  connectionsOpened: 0.5,
};

const words: Readonly<Record<ComparedMetric, string>> = {
  errorRate: 'error rate',
  responseTimeP50: 'response time p50',
  responseTimeP99: 'response time p99',
  cpuPer1000Requests: 'CPU per 1,000 requests',
  connectionsOpened: 'connections opened',
};

export const checkSame: Check = {
  id: 'same-strategy',
  title: 'The same strategy under two names: no difference seen',
  lastsMs: 2 * rounds * armTrialMs,
  async run(bench: Bench): Promise<CheckResult> {
    const verdicts = await compareArms(bench, { rounds, seed: bench.seed, of: ['same'] });
    return judgeSame(verdicts.get('same'), rounds);
  },
};

/**
 * At the 95 % of a run's verdicts, one of five metrics would be a false alarm in every fourth self-test. Here
 * each interval is widened to 99.9 %: one self-test in two hundred.
 */
export function judgeSame(verdicts: Verdicts | undefined, roundsRun: number): CheckResult {
  const findings: Finding[] = [];
  const healthReasons: string[] = [];
  for (const [metric, verdict] of Object.entries(verdicts ?? {}) as [
    ComparedMetric,
    Verdicts[ComparedMetric],
  ][]) {
    if (verdict.word === 'no-verdict') {
      healthReasons.push(`${words[metric]}: ${verdict.reasons.join('; ')}`);
      continue;
    }
    const { low, high, neutral, halfWidth } = widened(verdict, roundsRun);
    if (Number.isNaN(low) || Number.isNaN(high)) {
      healthReasons.push(`${words[metric]}: not enough healthy rounds to compare`);
      continue;
    }
    findings.push({
      what: `${words[metric]} of a strategy against itself`,
      expected: `no difference: the 99.9 % interval holds ${neutral}`,
      measured: `${low.toFixed(3)} to ${high.toFixed(3)} (at 95 %: ${verdict.word})`,
      held: low <= neutral && neutral <= high,
    });
    if (!(halfWidth <= halfWidthMax[metric]))
      healthReasons.push(`the machine was too noisy to compare ${words[metric]}`);
  }
  if (findings.length === 0 && healthReasons.length === 0) healthReasons.push('no round could be compared');
  const failed = findings.some(({ held }) => !held);
  const shown = (metric: ComparedMetric) => {
    const halfWidth = verdicts === undefined ? Number.NaN : widened(verdicts[metric], null).halfWidth;
    return metric === 'errorRate'
      ? `±${(halfWidth * 100).toFixed(2)} points`
      : `±${(halfWidth * 100).toFixed(0)} %`;
  };
  const within = `errors (within ${shown('errorRate')}), p50 (${shown('responseTimeP50')}), p99 (${shown('responseTimeP99')}) and CPU (${shown('cpuPer1000Requests')})`;
  return {
    status: failed ? 'failed' : healthReasons.length > 0 ? 'refused' : 'held',
    summary: failed ? 'A difference was seen where there is none.' : `No difference seen in ${within}.`,
    findings,
    healthReasons: failed ? [] : healthReasons,
  };
}
