/**
 * The compared figures as numbers: one cell for each round and strategy.
 *
 * Ratios enter on the log scale. Where figures belong to pairs (a quantile over the requests that both answered),
 * the reference's cell is 0 and the others hold log ratios: the block model sees the same differences.
 * `missing` says why a figure does not exist here; it is then no part of the family. A strategy that has no figure in
 * some rounds because of what it did in them has none at all: the other rounds would be its good ones.
 */

import type { ComparedMetric } from '../harness/contract/summary.ts';
import type { HealthyTrial } from './counted-trial.ts';
import { cpuStepMs } from './cpu-step.ts';
import type { Pair } from './pair-trials.ts';
import type { DiscordantCounts } from './statistics/tango-interval.ts';

export interface Figures {
  /** null: at least one strategy has the figure. */
  readonly missing: string | null;
  readonly cells:
    | { readonly kind: 'rates'; readonly pairs: readonly (readonly DiscordantCounts[])[] }
    | {
        readonly kind: 'ratios';
        /** Round × strategy, the reference first; NaN: none. */
        readonly figures: readonly Float64Array[];
        /** How far off the steps of counting alone, and the buckets of times, may put each cell, on the same scale. */
        readonly steps: readonly Float64Array[];
        /** For each strategy but the reference, why it has no figure; null: nothing speaks against it. */
        readonly withheld: readonly (string | null)[];
      };
  /** The reference's failure rate; 0 for other figures. */
  readonly referenceRate: number;
}

export interface Rounds {
  /** One entry per round; null: no healthy trial. */
  readonly reference: readonly (HealthyTrial | null)[];
  readonly others: readonly (readonly (HealthyTrial | null)[])[];
  readonly loop: 'open' | 'closed';
}

/** A quantile needs this many values beyond it in each trial. */
const beyondMin = 10;

export function comparedFigures(rounds: Rounds): Record<ComparedMetric, Figures> {
  const stepMs = cpuStepMs(
    [rounds.reference, ...rounds.others].flat().map((trial) => trial?.cost.cpuMs ?? null),
  );
  const pairs = rounds.others.map((trials) =>
    trials.map((own, round) => {
      const reference = rounds.reference[round];
      return !own?.pair || reference === null ? null : { own, reference, pair: own.pair };
    }),
  );
  return {
    errorRate: failures(rounds, pairs),
    responseTimeP50: quantiles(rounds, pairs, 'p50'),
    responseTimeP99: quantiles(rounds, pairs, 'p99'),
    cpuPer1000Requests: ratios(
      rounds,
      'the CPU time of the target is not known',
      ({ cost: { cpuMs }, digest }) =>
        // Less than a tick reads as none or as one: half a tick has a logarithm, and its step keeps it from being evidence.
        cpuMs === null ? null : { amount: Math.max(cpuMs, stepMs / 2), per: digest.ok, step: stepMs },
    ),
    // Half a connection more on both sides, so that none has a logarithm; one connection more or less is no evidence.
    connectionsOpened: ratios(rounds, 'no request was answered', ({ digest }) => ({
      amount: digest.connectionsOpened + 0.5,
      per: digest.ok,
      step: 1,
    })),
    throughput:
      rounds.loop === 'open'
        ? { ...ratios(rounds, '', () => null), missing: 'the load plan fixes the throughput of open traffic' }
        : ratios(rounds, 'no request was answered', ({ digest }) => ({
            amount: digest.ok,
            per: digest.measuredMs,
            step: 1,
          })),
  };
}

/** A strategy's trial and the reference's, in one round. */
interface Paired {
  readonly own: HealthyTrial;
  readonly reference: HealthyTrial;
  readonly pair: Pair;
}

/** Strategy × round; null: one of the two has no healthy trial. */
type Pairs = readonly (readonly (Paired | null)[])[];

function failures({ reference, loop }: Rounds, pairs: Pairs): Figures {
  const counts = pairs.map((ofStrategy) =>
    ofStrategy.filter((pair) => pair !== null).map((pair) => discordant(pair, loop)),
  );
  const sum = (of: (trial: HealthyTrial) => number) =>
    reference.reduce((all, trial) => all + (trial === null ? 0 : of(trial)), 0);
  const scheduled = sum(({ digest }) => digest.scheduled);
  return {
    missing: null,
    cells: { kind: 'rates', pairs: counts },
    referenceRate: scheduled === 0 ? 0 : sum(({ digest }) => digest.scheduled - digest.ok) / scheduled,
  };
}

/** In a closed loop no failure is taken for shared, and the counts are scaled to one size. */
function discordant({ own, reference, pair }: Paired, loop: Rounds['loop']): DiscordantCounts {
  if (loop === 'closed') {
    const requests = Math.min(own.digest.scheduled, reference.digest.scheduled);
    const scaled = ({ digest: { scheduled, ok } }: HealthyTrial) =>
      scheduled === 0 ? 0 : ((scheduled - ok) * requests) / scheduled;
    return { requests, ownOnly: scaled(own), referenceOnly: scaled(reference) };
  }
  return {
    requests: own.digest.scheduled,
    ownOnly: pair.own.failedAlone,
    referenceOnly: pair.reference.failedAlone,
  };
}

/** Quantiles over the requests that both answered or gave up on; in a closed loop, over those that each answered. */
function quantiles({ reference, others }: Rounds, pairs: Pairs, of: 'p50' | 'p99'): Figures {
  const needed = of === 'p50' ? 2 * beyondMin : 100 * beyondMin;
  let most: number | null = null;
  const against = new Map<Paired, string>();
  const steps = reference.map(() => new Float64Array(others.length + 1));
  const figures = reference.map((trial, round) => {
    const row = new Float64Array(others.length + 1).fill(Number.NaN);
    if (trial === null) return row;
    row[0] = 0;
    for (const [index, ofStrategy] of pairs.entries()) {
      const paired = ofStrategy[round];
      if (paired === null) continue;
      const { own, reference: its } = paired.pair;
      const count = Math.min(own.compared, its.compared);
      most = Math.max(most ?? 0, count);
      const ratio = own[of] / its[of];
      steps[round][index + 1] = Math.hypot(own.resolution, its.resolution);
      if (count < needed) {
        // A plan that is too short for the percentile is no strategy's doing.
        const planned = [paired.own, paired.reference].map(({ digest }) => digest.scheduled);
        const isPlanned = Math.min(...planned) >= needed;
        if (isPlanned) against.set(paired, `fewer than ${grouped(needed)} requests were answered by both`);
      } else if (ratio > 0 && ratio < Number.POSITIVE_INFINITY) row[index + 1] = Math.log(ratio);
      else against.set(paired, 'too many requests timed out for this percentile');
    }
    return row;
  });
  const withheld = pairs.map((ofStrategy) => {
    const both = ofStrategy.filter((paired) => paired !== null);
    const reasons = both.flatMap((paired) => against.get(paired) ?? []);
    return reasons.length === 0 ? null : inRounds(reasons.length, both.length, reasons[0]);
  });
  const cells = withoutWithheld({ figures, steps, withheld });
  const tooFew = `this percentile needs ${grouped(needed)} requests of a trial that both strategies answered; there were at most ${grouped(most ?? 0)} (a longer --duration gives more)`;
  const why = (most ?? 0) < needed ? tooFew : (withheld.find((reason) => reason !== null) ?? '');
  const isMissing = most !== null && !isKnown(cells.figures);
  return { missing: isMissing ? why : null, cells, referenceRate: 0 };
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

interface Amount {
  readonly amount: number;
  readonly per: number;
  /** Amounts are counted in steps of this. */
  readonly step: number;
}

function ratios(
  { reference, others }: Rounds,
  missing: string,
  of: (trial: HealthyTrial) => Amount | null,
): Figures {
  const all = [reference, ...others];
  const amounts = reference.map((_, round) =>
    all.map((trials) => {
      const trial = trials[round];
      const amount = trial === null ? null : of(trial);
      return amount !== null && amount.amount > 0 && amount.per > 0 ? amount : null;
    }),
  );
  const unanswered = all.map((trials) => {
    const ran = trials.filter((trial) => trial !== null);
    return inRounds(
      ran.filter(({ digest }) => digest.ok === 0).length,
      ran.length,
      'no request was answered',
    );
  });
  const cells = withoutWithheld({
    figures: amounts.map((row) =>
      Float64Array.from(row, (one) => (one === null ? Number.NaN : Math.log(one.amount / one.per))),
    ),
    steps: amounts.map((row) => Float64Array.from(row, (one) => (one === null ? 0 : one.step / one.amount))),
    withheld: unanswered.slice(1).map((own) => own ?? unanswered[0]),
  });
  const isAnswered = reference.some((trial) => trial !== null && trial.digest.ok > 0);
  const why = isAnswered ? missing : 'the reference answered no request';
  return { missing: isKnown(cells.figures) ? null : why, cells, referenceRate: 0 };
}

/** `in 3 of 5 rounds no request was answered`; null: in none. */
function inRounds(count: number, rounds: number, what: string): string | null {
  if (count === 0) return null;
  return count === rounds ? what : `in ${count} of ${rounds} rounds ${what}`;
}

type Ratios = Extract<Figures['cells'], { kind: 'ratios' }>;

/** The figures of strategies that have a reason against them are no part of the fit. */
function withoutWithheld({ figures, steps, withheld }: Omit<Ratios, 'kind'>): Ratios {
  const kept = figures.map((row) =>
    row.map((value, strategy) => (strategy > 0 && withheld[strategy - 1] !== null ? Number.NaN : value)),
  );
  return { kind: 'ratios', figures: kept, steps, withheld };
}

function isKnown(figures: readonly Float64Array[]): boolean {
  return figures.some(
    (row) => !Number.isNaN(row[0]) && row.subarray(1).some((value) => !Number.isNaN(value)),
  );
}
