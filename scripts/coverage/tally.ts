/**
 * Counts over the runs of a world. A word is wrong when the truth contradicts it: better or worse in the
 * wrong direction or without any effect, "slightly" or "no difference" where the effect is worth a decision.
 */
import {
  type ComparedMetric,
  comparedMetrics,
  type Estimate,
  type Verdict,
  type VerdictWord,
} from '../../harness/contract/summary.ts';
import type { Verdicts } from '../../results/compare-strategies.ts';
import { truthOf } from './draw-run.ts';
import type { World } from './worlds.ts';

/** Figures that get an interval in the table and a verdict. Only closed traffic compares throughput. */
export const figures = comparedMetrics.filter((metric) => metric !== 'throughput');

/** How often an interval held the truth, and its mean half width: points of a rate, percent of the truth of all else. */
export class Coverage {
  intervals = 0;
  held = 0;
  private halfWidths = 0;

  add({ low, high }: Estimate, truth: number, scale: Verdict['scale']): boolean {
    if (low === null || high === null) return true;
    const holds = low <= truth && truth <= high;
    this.intervals++;
    this.held += Number(holds);
    this.halfWidths += (high - low) / 2 / (scale === 'difference' ? 1 : truth);
    return holds;
  }

  get share(): number {
    return this.held / this.intervals;
  }

  get halfWidth(): number {
    return this.halfWidths / this.intervals;
  }
}

export class FigureTally {
  readonly table = new Coverage();
  readonly comparison = new Coverage();
  readonly words = new Map<VerdictWord, number>();
  said = 0;
  wrong = 0;
  /** Differences of at least twice what is worth a decision: how many there were, and how many were named. */
  differences = 0;
  found = 0;
}

export class WorldTally {
  readonly figures: ReadonlyMap<ComparedMetric, FigureTally> = new Map(
    figures.map((metric) => [metric, new FigureTally()]),
  );
  runs = 0;
  /** Runs in which all intervals of the comparison hold the truth. */
  allHold = 0;
  /** Runs with a word that is wrong. */
  anyWrong = 0;
  /** Sum over the runs. */
  roundsUsed = 0;

  readonly world: World;
  readonly rounds: number | 'auto';

  constructor(world: World, rounds: number | 'auto') {
    this.world = world;
    this.rounds = rounds;
  }

  of(metric: ComparedMetric): FigureTally {
    const tally = this.figures.get(metric);
    if (tally === undefined) throw new Error(`"${metric}" is not counted`);
    return tally;
  }

  addRun(verdicts: ReadonlyMap<string, Verdicts>, rounds: number): void {
    let allHold = true;
    let anyWrong = false;
    for (const [label, ofLabel] of verdicts) {
      for (const metric of figures) {
        const verdict = ofLabel[metric];
        const truth = truthOf(this.world, label, metric);
        const tally = this.of(metric);
        const isWrong = contradicts(verdict, truth);
        tally.said++;
        tally.words.set(verdict.word, (tally.words.get(verdict.word) ?? 0) + 1);
        tally.wrong += Number(isWrong);
        anyWrong ||= isWrong;
        allHold = tally.comparison.add(verdict.effect, truth, verdict.scale) && allHold;
        if (isClear(verdict, truth)) {
          tally.differences++;
          tally.found += Number(verdict.word === (onScale(verdict, truth) < 0 ? 'better' : 'worse'));
        }
      }
    }
    this.runs++;
    this.allHold += Number(allHold);
    this.anyWrong += Number(anyWrong);
    this.roundsUsed += rounds;
  }
}

/** 0: no effect. */
function onScale({ scale }: Verdict, effect: number): number {
  return scale === 'ratio' ? Math.log(effect) : effect;
}

function limitOf({ scale, worthwhile }: Verdict): number {
  return scale === 'ratio' ? Math.log1p(worthwhile) : worthwhile;
}

function isClear(verdict: Verdict, truth: number): boolean {
  return Math.abs(onScale(verdict, truth)) >= 2 * limitOf(verdict) && verdict.effect.low !== null;
}

export function contradicts(verdict: Verdict, truth: number): boolean {
  const effect = onScale(verdict, truth);
  const isSmall = Math.abs(effect) <= limitOf(verdict);
  switch (verdict.word) {
    case 'better':
      return effect >= 0;
    case 'worse':
      return effect <= 0;
    case 'slightly-better':
      return effect >= 0 || !isSmall;
    case 'slightly-worse':
      return effect <= 0 || !isSmall;
    case 'no-difference':
      return !isSmall;
    case 'undecided':
    case 'not-available':
    case 'no-verdict':
      return false;
  }
}
