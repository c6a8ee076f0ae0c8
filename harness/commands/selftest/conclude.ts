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
 * A wrong number on a machine that kept up is a failure, and a broken law always. Slowness excuses a
 * wrong number; where every number is right it changed nothing.
 */
export function conclude(verdicts: readonly Verdict[], summary: string): CheckResult {
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  const allHeld = findings.every(({ held }) => held);
  const excuses = allHeld ? [] : verdicts.flatMap(({ slowness }) => slowness);
  const reasons = [...verdicts.flatMap(({ unhealthy }) => unhealthy), ...excuses];
  const lawBroken = findings.some(({ held, what }) => !held && what.startsWith('conservation laws'));
  const failed = lawBroken || (!allHeld && reasons.length === 0);
  return {
    status: failed ? 'failed' : reasons.length > 0 ? 'refused' : 'held',
    summary,
    findings,
    healthReasons: failed ? [] : reasons,
  };
}
