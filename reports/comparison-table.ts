/**
 * The comparison that terminal, Markdown and HTML all show: one row per strategy, the reference
 * first, one column per figure with its unit chosen once. Each format lays it out itself.
 */
import type {
  Estimate,
  RateEstimate,
  ScenarioSummary,
  StrategySummary,
  SuccessPercentile,
} from '../harness/contract/summary.ts';
import { bounds, figure, notAvailable, type Quantity, type Scale, scaleFor } from './format.ts';
import { ofRequests } from './rate-text.ts';

export interface ComparisonCell {
  readonly text: string;
  /** `2.5–3.4`, or `of 8,000` after a zero; null when there is none. */
  readonly small: string | null;
  /** Both on one line: `2.9 (2.5–3.4)`, `0 of 8,000`. */
  readonly full: string;
}

export interface ComparisonColumn {
  readonly id: ColumnId;
  readonly heading: string;
  /** Empty for plain counts. */
  readonly unit: string;
  /** One sentence on what is counted. */
  readonly meaning: string;
  /** In the order of `ComparisonTable.strategies`. */
  readonly cells: readonly ComparisonCell[];
}

export interface ComparisonTable {
  readonly strategies: readonly StrategySummary[];
  /** Whether clients send as fast as they are answered, so that a strategy changes how many requests there are. */
  readonly isClosedLoop: boolean;
  readonly columns: readonly ComparisonColumn[];
}

/** In place of a percentile that is infinite because too many requests failed. */
export const notReached = 'not reached';

interface Definition {
  readonly id: string;
  readonly heading: string;
  readonly meaning: string;
  readonly kind: Quantity;
  /** Follows the unit. */
  readonly per?: string;
  of(strategy: StrategySummary): Figure | number | null;
}

/** `below`: the upper bound where the replays counted no race. */
type Figure = Estimate & Partial<RateEstimate> & Partial<SuccessPercentile> & { readonly below?: number };

const definitions = [
  {
    id: 'requests',
    heading: 'requests',
    meaning: 'Requests started in all healthy trials together.',
    kind: 'count',
    of: ({ requests }) => requests.started,
  },
  {
    id: 'errors',
    heading: 'errors',
    meaning: 'Share of started requests that failed after all their attempts.',
    kind: 'share',
    of: ({ errorRate }) => errorRate,
  },
  {
    id: 'raced',
    heading: 'raced',
    meaning:
      'Share of started requests whose first attempt ran into the idle-timeout race, whether or not a later attempt succeeded.',
    kind: 'share',
    of: ({ raceRate }) => raceRate,
  },
  {
    id: 'predicted',
    heading: 'predicted',
    meaning:
      'Share of requests that the timing model expects to race. It uses the load plan, the policy, and the lags of the other rounds.',
    kind: 'share',
    of: ({ prediction: { raceProbability, by, requestsReplayed } }) =>
      raceProbability === 0 && by === 'replay'
        ? { estimate: 0, low: null, high: null, below: 3 / requestsReplayed }
        : raceProbability,
  },
  {
    id: 'p50',
    heading: 'p50',
    meaning: 'Response time of answered requests: half of them took at most this long.',
    kind: 'durationMs',
    of: ({ responseTimeMs }) => responseTimeMs.p50,
  },
  {
    id: 'p99',
    heading: 'p99',
    meaning: 'Response time of answered requests: 99 of 100 took at most this long.',
    kind: 'durationMs',
    of: ({ responseTimeMs }) => responseTimeMs.p99,
  },
  {
    id: 'success',
    heading: 'p99 to success',
    meaning:
      'Time within which 99 of 100 started requests succeeded. “not reached” means that more than 1 of 100 failed.',
    kind: 'durationMs',
    of: ({ timeToSuccessMs }) => timeToSuccessMs.p99,
  },
  {
    id: 'answered',
    heading: 'answered',
    per: '/s',
    meaning: 'Requests per second that were answered with a status below 400.',
    kind: 'count',
    of: ({ answeredPerSecond }) => answeredPerSecond,
  },
  {
    id: 'cpu',
    heading: 'CPU',
    per: '/1,000',
    meaning: 'CPU time of the target per 1,000 answered requests.',
    kind: 'cpuMs',
    of: ({ server }) => server.cpuMsPer1000Requests,
  },
  {
    id: 'opened',
    heading: 'opened',
    per: '/1,000',
    meaning: 'Connections opened per 1,000 answered requests.',
    kind: 'count',
    of: ({ connections }) => connections.openedPer1000Requests,
  },
  {
    id: 'rss',
    heading: 'memory',
    meaning: 'Largest resident memory of the target.',
    kind: 'bytes',
    of: ({ server }) => server.rssBytesMax,
  },
  {
    id: 'twice',
    heading: 'executed twice',
    meaning: 'Requests that the target executed more than once.',
    kind: 'count',
    of: ({ ledger }) => ledger?.executedTwice ?? null,
  },
  {
    id: 'lost',
    heading: 'not executed',
    meaning: 'Failed requests that the target did not execute.',
    kind: 'count',
    of: ({ ledger }) => ledger?.lost ?? null,
  },
  {
    id: 'ghost',
    heading: 'executed but failed',
    meaning: 'Failed requests that the target executed at least once.',
    kind: 'count',
    of: ({ ledger }) => ledger?.executedButFailed ?? null,
  },
] as const satisfies readonly Definition[];

export type ColumnId = (typeof definitions)[number]['id'];

export function comparisonTable(scenario: ScenarioSummary, reference: string): ComparisonTable {
  const strategies = referenceFirst(scenario.strategies, reference);
  const columns = definitions.map((definition: Definition & { readonly id: ColumnId }) => {
    const figures = strategies.map((strategy) => asEstimate(definition.of(strategy)));
    const scale = scaleFor(
      definition.kind,
      figures.map(({ estimate }) => estimate),
    );
    const cells = figures.map((one) => cell(one, scale));
    const { id, heading, meaning, per = '' } = definition;
    return { id, heading, meaning, unit: `${scale.unit}${per}`, cells };
  });
  return { strategies, columns, isClosedLoop: scenario.config.traffic.kind === 'closed' };
}

export function referenceFirst(strategies: readonly StrategySummary[], reference: string): StrategySummary[] {
  return [
    ...strategies.filter(({ label }) => label === reference),
    ...strategies.filter(({ label }) => label !== reference),
  ];
}

/** A bare number as an estimate without an interval. */
export function asEstimate<Known extends Estimate>(value: Known | number | null): Known | Estimate {
  return value === null || typeof value === 'number' ? { estimate: value, low: null, high: null } : value;
}

function cell(one: Figure, scale: Scale): ComparisonCell {
  if (one.reached === false) return { text: notReached, small: null, full: notReached };
  if (one.below !== undefined) {
    const text = `< ${Number((one.below / scale.size).toPrecision(1))}`;
    return { text, small: null, full: text };
  }
  if (one.none) {
    const small = ofRequests(one.none);
    return { text: '0', small, full: `0 ${small}` };
  }
  const text = figure(one.estimate, scale);
  const small = text === notAvailable || one.high === 0 ? null : bounds(one, scale);
  return { text, small, full: small === null ? text : `${text} (${small})` };
}
