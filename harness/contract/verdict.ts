/** The verdicts of a run: the words, the intervals behind them, and which verdicts are open when the run ends. */
import type { Estimate } from './estimate.ts';

/**
 * `slightly-…`: the whole interval is within the worthwhile difference. `undecided`: more rounds would tell.
 * `not-available`: the figure does not exist here. `no-verdict`: it exists and must not be compared.
 */
export const verdictWords = [
  'better',
  'slightly-better',
  'worse',
  'slightly-worse',
  'no-difference',
  'undecided',
  'not-available',
  'no-verdict',
] as const;
export type VerdictWord = (typeof verdictWords)[number];

/** How one figure of a strategy compares with the reference's, within rounds. */
export interface Verdict {
  readonly word: VerdictWord;
  /** `difference`: strategy − reference, in the metric's unit. `ratio`: strategy / reference. */
  readonly scale: 'difference' | 'ratio';
  /** The interval is simultaneous: all intervals of a scenario hold together with the confidence of its `inference`. */
  readonly effect: Estimate;
  /** Differences below this are not worth a decision: in the metric's unit, or as a share of the reference's figure. */
  readonly worthwhile: number;
  /** For `undecided`: about how many more rounds would settle it, when that can be said. */
  readonly moreRounds: number | null;
  /** For `not-available` and `no-verdict`: why. */
  readonly reasons: readonly string[];
}

/** Figures that get a verdict. Less is better for all but `throughput`, which only closed traffic has. */
export const comparedMetrics = [
  'errorRate',
  'responseTimeP50',
  'responseTimeP99',
  'cpuPer1000Requests',
  'connectionsOpened',
  'throughput',
] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

/** How the verdicts of a scenario were reached, and how often they are wrong by chance. */
export interface Inference {
  /** Intervals that hold together: strategies compared × figures compared. */
  readonly comparisons: number;
  /** Probability that any of them misses its true value, over all looks at the data. */
  readonly familyErrorMax: number;
  /** The share of it that this look spends, as the level of a single test of the whole family. */
  readonly levelAtThisLook: number;
  /** Rounds with a healthy trial of the reference. */
  readonly rounds: number;
  /** Which look this is, from 1, and how many rounds it may go up to; null: a fixed number of rounds, one look. */
  readonly look: { readonly number: number; readonly roundsMax: number } | null;
}

/** A verdict by its place in the summary. */
export interface VerdictKey {
  readonly scenario: string;
  /** Label. */
  readonly strategy: string;
  readonly metric: ComparedMetric;
}

/**
 * What ended a run. `rounds`: the fixed number of rounds is done. With `until`: `decided`, `time` (another round
 * would not have fit), or `rounds-max`. `interrupted`: Ctrl-C, a lost target or a crash.
 */
export type StopReason = 'rounds' | 'decided' | 'time' | 'rounds-max' | 'interrupted';

export interface Stopped {
  readonly reason: StopReason;
  /** Verdicts that `until` asks for and that the run did not reach; empty with a fixed number of rounds. */
  readonly open: readonly VerdictKey[];
}
