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
import { quantile } from './statistics/quantile.ts';
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
  return {
    errorRate: failures(rounds),
    responseTimeP50: quantiles(rounds, 0.5),
    responseTimeP99: quantiles(rounds, 0.99),
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

function failures({ reference, others, loop }: Rounds): Figures {
  const pairs = others.map((trials) =>
    trials.flatMap((own, round) => {
      const other = reference[round];
      return own === null || other === null ? [] : [discordant(own, other, loop)];
    }),
  );
  const sum = (of: (trial: HealthyTrial) => number) =>
    reference.reduce((all, trial) => all + (trial === null ? 0 : of(trial)), 0);
  const scheduled = sum(({ digest }) => digest.scheduled);
  return {
    missing: null,
    cells: { kind: 'rates', pairs },
    referenceRate: scheduled === 0 ? 0 : sum(({ digest }) => digest.scheduled - digest.ok) / scheduled,
  };
}

/** A closed loop sends no common requests: no failure is taken for shared, and the counts are scaled to one size. */
function discordant(own: HealthyTrial, reference: HealthyTrial, loop: Rounds['loop']): DiscordantCounts {
  const [a, b] = [own.digest.successMs, reference.digest.successMs];
  if (loop === 'closed') {
    const requests = Math.min(a.length, b.length);
    const scaled = ({ digest }: HealthyTrial) =>
      digest.scheduled === 0 ? 0 : ((digest.scheduled - digest.ok) * requests) / digest.scheduled;
    return { requests, ownOnly: scaled(own), referenceOnly: scaled(reference) };
  }
  let ownOnly = 0;
  let referenceOnly = 0;
  for (let row = 0; row < a.length; row++) {
    const [failed, referenceFailed] = [
      a[row] === Number.POSITIVE_INFINITY,
      b[row] === Number.POSITIVE_INFINITY,
    ];
    if (failed && !referenceFailed) ownOnly++;
    else if (referenceFailed && !failed) referenceOnly++;
  }
  return { requests: a.length, ownOnly, referenceOnly };
}

/** Quantiles over the requests that both answered; in a closed loop, over those that each answered. */
function quantiles({ reference, others, loop }: Rounds, p: number): Figures {
  let fewest = Number.POSITIVE_INFINITY;
  let known = 0;
  const figures = reference.map((trial, round) => {
    const row = new Float64Array(others.length + 1).fill(Number.NaN);
    if (trial === null) return row;
    row[0] = 0;
    for (const [index, trials] of others.entries()) {
      const own = trials[round];
      if (own === null) continue;
      const [ownMs, referenceMs] =
        loop === 'open' ? bothAnswered(own, trial) : [own.digest.responseMs, trial.digest.responseMs];
      fewest = Math.min(fewest, ownMs.length, referenceMs.length);
      if (Math.min(ownMs.length, referenceMs.length) * (1 - p) < beyondMin) continue;
      row[index + 1] = Math.log(
        (quantile(ownMs, p) ?? Number.NaN) / (quantile(referenceMs, p) ?? Number.NaN),
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

function bothAnswered(own: HealthyTrial, reference: HealthyTrial): [Float64Array, Float64Array] {
  const [a, b] = [own.digest.successMs, reference.digest.successMs];
  const both = (values: Float64Array) =>
    values
      .filter((_, row) => a[row] !== Number.POSITIVE_INFINITY && b[row] !== Number.POSITIVE_INFINITY)
      .sort();
  return [both(a), both(b)];
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
