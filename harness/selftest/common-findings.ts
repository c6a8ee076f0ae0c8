/** Findings that several checks make. */
import type { TrialResult } from '../contract/trial.ts';
import type { Finding } from './check.ts';
import type { Verdict } from './conclude.ts';
import { count } from './figures.ts';

export function equalFinding(what: string, measured: number, expected: number): Finding {
  return { what, expected: count(expected), measured: count(measured), held: measured === expected };
}

export function noneFinding<Row>(
  what: string,
  rows: readonly Row[],
  isWrong: (row: Row) => boolean,
): Finding {
  return equalFinding(what, rows.filter(isWrong).length, 0);
}

/** The only finding of a trial that was cut short. It always fails the check. */
export function lostVerdict({ health }: Pick<TrialResult, 'health'>, where: string): Verdict {
  const measured = health.reasons.join('; ');
  const lost = { what: `the trial ${where}`, expected: 'runs to its end', measured, held: false };
  return { findings: [lost], unhealthy: [], slowness: [] };
}
