/**
 * Which verdicts a run still has to reach: those that its `until` asks for and that more rounds can settle.
 * A figure that does not exist or must not be compared never keeps a run going.
 */
import type { UntilConfig } from '../harness/contract/run-config.ts';
import {
  comparedMetrics,
  type Estimate,
  type Summary,
  type Verdict,
  type VerdictKey,
} from '../harness/contract/summary.ts';

export interface OpenVerdict extends VerdictKey {
  readonly verdict: Verdict;
}

export function openVerdicts(
  { scenarios }: Pick<Summary, 'scenarios'>,
  { goal }: Pick<UntilConfig, 'goal'>,
): OpenVerdict[] {
  const all = scenarios.flatMap(({ id: scenario, strategies }) =>
    strategies.flatMap(({ label: strategy, versusReference }) =>
      versusReference === null
        ? []
        : comparedMetrics.map((metric) => ({
            scenario,
            strategy,
            metric,
            verdict: versusReference[metric],
          })),
    ),
  );
  if (goal.kind === 'decided') return all.filter(({ verdict }) => verdict.word === 'undecided');
  return all.filter(
    ({ strategy, metric, verdict }) =>
      strategy === goal.strategy &&
      metric === goal.metric &&
      verdict.word !== 'not-available' &&
      verdict.word !== 'no-verdict' &&
      reachOf(verdict.effect) > goal.halfWidth,
  );
}

/** How far the interval reaches from its estimate, on the longer side. */
function reachOf({ estimate, low, high }: Estimate): number {
  if (estimate === null || low === null || high === null) return Number.POSITIVE_INFINITY;
  return Math.max(estimate - low, high - estimate);
}
