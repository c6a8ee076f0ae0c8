/**
 * What is compared, as numbers: one cell for each round and strategy.
 *
 * Ratios enter on the log scale. Where figures belong to pairs (a quantile over the requests that both answered),
 * the reference's cell is 0 and the others hold log ratios: the block model sees the same differences.
 * `missing` says why a figure does not exist here; it is then no part of the family.
 */
import type { ComparedMetric } from '../harness/contract/summary.ts';
import type { HealthyTrial } from './compare-strategies.ts';
import { cpuStepMs } from './cpu-step.ts';
import type { TrialDigest } from './digest-trial.ts';
import { quantileWithout } from './statistics/quantile.ts';
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
        /** How far off counting steps alone may put each cell, on the same scale. */
        readonly steps: readonly Float64Array[];
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
      return own === null || reference === null ? null : pairOf(own, reference, rounds.loop);
    }),
  );
  return {
    errorRate: failures(rounds, pairs),
    responseTimeP50: quantiles(rounds, pairs, 0.5),
    responseTimeP99: quantiles(rounds, pairs, 0.99),
    cpuPer1000Requests: ratios(
      rounds,
      'the CPU time of the target is not known',
      ({ cost: { cpuMs }, digest }) =>
        cpuMs === null ? null : { amount: cpuMs, per: digest.ok, step: stepMs },
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
interface Pair {
  readonly own: HealthyTrial;
  readonly reference: HealthyTrial;
  /** Response times of requests that only this side answered, ascending; none in a closed loop. */
  readonly ownAloneMs: Float64Array;
  readonly referenceAloneMs: Float64Array;
}

/** Strategy × round; null: one of the two has no healthy trial. */
type Pairs = readonly (readonly (Pair | null)[])[];

/** Which requests one side alone answered. A closed loop sends no common requests, so nothing is matched. */
function pairOf(own: HealthyTrial, reference: HealthyTrial, loop: Rounds['loop']): Pair {
  const [a, b] = [own.digest.successMs, reference.digest.successMs];
  const ownAlone: number[] = [];
  const referenceAlone: number[] = [];
  for (let row = 0; loop === 'open' && row < a.length; row++) {
    const [failed, referenceFailed] = [
      a[row] === Number.POSITIVE_INFINITY,
      b[row] === Number.POSITIVE_INFINITY,
    ];
    if (failed && !referenceFailed) referenceAlone.push(b[row]);
    else if (referenceFailed && !failed) ownAlone.push(a[row]);
  }
  return {
    own,
    reference,
    ownAloneMs: Float64Array.from(ownAlone).sort(),
    referenceAloneMs: Float64Array.from(referenceAlone).sort(),
  };
}

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
function discordant(pair: Pair, loop: Rounds['loop']): DiscordantCounts {
  const [own, reference] = [pair.own.digest, pair.reference.digest];
  if (loop === 'closed') {
    const requests = Math.min(own.scheduled, reference.scheduled);
    const scaled = ({ scheduled, ok }: TrialDigest) =>
      scheduled === 0 ? 0 : ((scheduled - ok) * requests) / scheduled;
    return { requests, ownOnly: scaled(own), referenceOnly: scaled(reference) };
  }
  return {
    requests: own.scheduled,
    ownOnly: pair.referenceAloneMs.length,
    referenceOnly: pair.ownAloneMs.length,
  };
}

/** Quantiles over the requests that both answered; in a closed loop, over those that each answered. */
function quantiles({ reference, others }: Rounds, pairs: Pairs, p: number): Figures {
  let fewest = Number.POSITIVE_INFINITY;
  let known = 0;
  const figures = reference.map((trial, round) => {
    const row = new Float64Array(others.length + 1).fill(Number.NaN);
    if (trial === null) return row;
    row[0] = 0;
    for (const [index, ofStrategy] of pairs.entries()) {
      const pair = ofStrategy[round];
      if (pair === null) continue;
      const { own, ownAloneMs, referenceAloneMs } = pair;
      const [ownMs, referenceMs] = [own.digest.responseMs, pair.reference.digest.responseMs];
      const answered = Math.min(
        ownMs.length - ownAloneMs.length,
        referenceMs.length - referenceAloneMs.length,
      );
      fewest = Math.min(fewest, answered);
      if (answered * (1 - p) < beyondMin - 1e-9) continue;
      row[index + 1] = Math.log(
        (quantileWithout(ownMs, ownAloneMs, p) ?? Number.NaN) /
          (quantileWithout(referenceMs, referenceAloneMs, p) ?? Number.NaN),
      );
      known++;
    }
    return row;
  });
  const needed = Math.ceil(beyondMin / (1 - p) - 1e-9);
  const missing =
    known > 0 || fewest === Number.POSITIVE_INFINITY
      ? null
      : `${needed} requests of a trial must be answered by both for this percentile; there were ${fewest}`;
  return { missing, cells: { kind: 'ratios', figures, steps: withoutSteps(figures) }, referenceRate: 0 };
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
  const amounts = reference.map((_, round) =>
    [reference, ...others].map((trials) => {
      const trial = trials[round];
      const amount = trial === null ? null : of(trial);
      return amount !== null && amount.amount > 0 && amount.per > 0 ? amount : null;
    }),
  );
  const figures = amounts.map((row) =>
    Float64Array.from(row, (one) => (one === null ? Number.NaN : Math.log(one.amount / one.per))),
  );
  const steps = amounts.map((row) =>
    Float64Array.from(row, (one) => (one === null ? 0 : one.step / one.amount)),
  );
  const isKnown = figures.some(
    (row) => !Number.isNaN(row[0]) && row.subarray(1).some((value) => !Number.isNaN(value)),
  );
  return { missing: isKnown ? null : missing, cells: { kind: 'ratios', figures, steps }, referenceRate: 0 };
}

function withoutSteps(figures: readonly Float64Array[]): Float64Array[] {
  return figures.map((row) => new Float64Array(row.length));
}
