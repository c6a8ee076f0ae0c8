/** From findings, and what speaks against the machine, to a check's status: the same rule for every check. */
import type { CheckResult, Finding } from './check.ts';

/** What one trial showed. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** What the health gate says against the trial, beside broken laws. */
  readonly unhealthy: readonly string[];
  /** Why the machine, and not the harness, may have changed what happened; empty when it kept up. */
  readonly slowness: readonly string[];
}

/**
 * A wrong number of a trial in which the machine kept up is a failure, and a broken law always.
 * Slowness excuses what is wrong in its own trial; where every number is right it changed nothing.
 */
export function conclude(verdicts: readonly Verdict[], summary: string): CheckResult {
  const healthReasons = verdicts.flatMap(reasonsOf);
  const failed = verdicts.some(isWrong);
  return {
    status: failed ? 'failed' : healthReasons.length > 0 ? 'refused' : 'held',
    summary,
    findings: verdicts.flatMap(({ findings }) => findings),
    healthReasons: failed ? [] : healthReasons,
  };
}

function reasonsOf({ findings, unhealthy, slowness }: Verdict): readonly string[] {
  return findings.every(({ held }) => held) ? unhealthy : [...unhealthy, ...slowness];
}

function isWrong(verdict: Verdict): boolean {
  const wrong = verdict.findings.filter(({ held }) => !held);
  const lawBroken = wrong.some(({ kind }) => kind === 'law');
  return lawBroken || (wrong.length > 0 && reasonsOf(verdict).length === 0);
}
