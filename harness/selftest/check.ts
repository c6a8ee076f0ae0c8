/** Types of the self-test. Each check states what it expected, what it measured, and whether the finding held. */
import type { Bench } from './bench.ts';

export interface Finding {
  /** What the conclusion must know about the finding; most need no tag. `law`: slowness is no excuse for a failure. */
  readonly kind?: 'law' | 'percentile' | 'percentile-from-below';
  /** What was looked at, for example `fin-executed on a reused connection`. */
  readonly what: string;
  readonly expected: string;
  readonly measured: string;
  readonly held: boolean;
}

/**
 * `held`: everything was as it must be. `failed`: a number is wrong, so nothing that this harness
 * says on this machine can be believed. `refused`: the machine was too busy to tell, and no count
 * was wrong.
 */
export type CheckStatus = 'held' | 'failed' | 'refused';

export interface CheckResult {
  readonly status: CheckStatus;
  /** One sentence with the figures that matter. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  /** Why it was refused; empty otherwise. */
  readonly healthReasons: readonly string[];
}

export interface Check {
  /** Kebab-case, as in `--only`. */
  readonly id: string;
  readonly title: string;
  /** About how long it takes, ms: for the progress display. */
  readonly lastsMs: number;
  run(bench: Bench): Promise<CheckResult>;
}
