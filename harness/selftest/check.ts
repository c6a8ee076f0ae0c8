/** What the self-test is made of: checks that each say what they expected, what they saw, and whether it held. */
import type { Bench } from './bench.ts';

export interface Finding {
  /** What a conclusion has to know of it; most findings need none. `law`: no slowness excuses it. */
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
