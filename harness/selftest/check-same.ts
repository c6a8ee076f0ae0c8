/**
 * A/A: the same strategy under three names, five rounds. Whatever differs is noise, so a harness that calls it a
 * difference cannot be trusted with real ones. Judged as a run judges, only stricter: all intervals hold together
 * in 99.5 % of self-tests. Refuses where the intervals are too wide to say anything.
 */
import { type ComparedMetric, comparedMetrics, type Verdict } from '../contract/summary.ts';
import { armTrialMs, compareArms, runArms, type Verdicts } from './arms.ts';
import type { Bench } from './bench.ts';
import type { Check, CheckResult, Finding } from './check.ts';

const rounds = 5;
const names = ['same', 'again'] as const;
/** One self-test in two hundred fails by chance. */
const level = 0.005;

/** Farther from no difference than this, an interval says nothing: the machine was too busy. A share; of the error rate, points. */
const halfWidthMax: Readonly<Record<ComparedMetric, number>> = {
  errorRate: 0.03,
  responseTimeP50: 0.5,
  responseTimeP99: 1,
  cpuPer1000Requests: 1,
  connectionsOpened: 0.5,
  throughput: 0.5,
};

const words: Readonly<Record<ComparedMetric, string>> = {
  errorRate: 'error rate',
  responseTimeP50: 'response time p50',
  responseTimeP99: 'response time p99',
  cpuPer1000Requests: 'CPU per 1,000 requests',
  connectionsOpened: 'connections opened',
  throughput: 'throughput',
};

export const checkSame: Check = {
  id: 'same-strategy',
  title: 'The same strategy under three names: no difference seen',
  lastsMs: (names.length + 1) * rounds * armTrialMs,
  async run(bench: Bench): Promise<CheckResult> {
    const trials = await runArms(bench, { rounds, seed: bench.seed, of: names });
    return judgeSame([...compareArms(trials, level).values()]);
  },
};

export function judgeSame(compared: readonly Verdicts[]): CheckResult {
  const findings: Finding[] = [];
  const healthReasons = new Set<string>();
  const widest = new Map<ComparedMetric, number>();
  for (const verdicts of compared) {
    for (const metric of comparedMetrics) {
      const verdict = verdicts[metric];
      if (verdict.word === 'not-available') continue;
      if (verdict.word === 'no-verdict') {
        healthReasons.add(verdict.reasons.join('; '));
        continue;
      }
      const distance = farthest(verdict);
      if (distance === null) {
        healthReasons.add(`there were too few healthy rounds to compare the ${words[metric]}`);
        continue;
      }
      widest.set(metric, Math.max(distance, widest.get(metric) ?? 0));
      findings.push(findingOf(metric, verdict));
      if (distance > halfWidthMax[metric])
        healthReasons.add(`the machine was too noisy to compare the ${words[metric]}`);
    }
  }
  if (findings.length === 0 && healthReasons.size === 0) healthReasons.add('no round could be compared');
  const failed = findings.some(({ held }) => !held);
  const shown = [...widest].map(
    ([metric, distance]) =>
      `${words[metric]} (within ±${metric === 'errorRate' ? `${(distance * 100).toFixed(2)} points` : `${(distance * 100).toFixed(0)} %`})`,
  );
  return {
    status: failed ? 'failed' : healthReasons.size > 0 ? 'refused' : 'held',
    summary: failed
      ? 'A difference was seen where there is none.'
      : `No difference seen in ${shown.join(', ')}.`,
    findings,
    healthReasons: failed ? [] : [...healthReasons],
  };
}

function findingOf(metric: ComparedMetric, { effect, scale }: Verdict): Finding {
  const neutral = scale === 'ratio' ? 1 : 0;
  const [low, high] = [effect.low ?? Number.NaN, effect.high ?? Number.NaN];
  return {
    what: `${words[metric]} of a strategy against itself`,
    expected: `no difference: the interval includes ${neutral}`,
    measured: `${low.toFixed(3)} to ${high.toFixed(3)}`,
    held: low <= neutral && neutral <= high,
  };
}

/** The largest difference that the interval still allows. */
function farthest({ effect: { low, high }, scale }: Verdict): number | null {
  const neutral = scale === 'ratio' ? 1 : 0;
  return low === null || high === null ? null : Math.max(Math.abs(low - neutral), Math.abs(high - neutral));
}
