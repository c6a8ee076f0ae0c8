/**
 * The comparison that terminal, Markdown and HTML all show: one row per strategy, the reference
 * first, one column per figure with its unit chosen once. Layout is the formats' own business.
 */
import type { Estimate, ScenarioSummary, StrategySummary } from '../harness/contract/summary.ts';
import { bounds, figure, notAvailable, type Quantity, type Scale, scaleFor, zeroBound } from './format.ts';

export interface ComparisonCell {
  readonly text: string;
  /** `2.5–3.4` or `< 0.05`; null when there is none. */
  readonly interval: string | null;
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
  readonly columns: readonly ComparisonColumn[];
}

interface Definition {
  readonly id: string;
  readonly heading: string;
  readonly meaning: string;
  readonly kind: Quantity;
  /** Follows the unit. */
  readonly per?: string;
  of(strategy: StrategySummary): Estimate | number | null;
  /** Of how many a zero is a count; null: it is exact. Left out: of the requests started. */
  zeroOf?(strategy: StrategySummary): number | null;
}

const definitions = [
  {
    id: 'errors',
    heading: 'errors',
    meaning: 'Requests that failed after all their attempts, of those started.',
    kind: 'share',
    of: ({ errorRate }) => errorRate,
  },
  {
    id: 'raced',
    heading: 'raced',
    meaning: 'Requests whose first attempt died of the race, whether or not a retry saved them.',
    kind: 'share',
    of: ({ raceRate }) => raceRate,
  },
  {
    id: 'predicted',
    heading: 'predicted',
    meaning:
      'The share raced that the law expects from the load plan, the policy, and the lags of the other rounds.',
    kind: 'share',
    of: ({ prediction }) => prediction.raceProbability,
    zeroOf: ({ prediction: { by, requestsReplayed } }) => (by === 'replay' ? requestsReplayed : null),
  },
  {
    id: 'p50',
    heading: 'p50',
    meaning: 'Response time that half of the answered requests stayed within.',
    kind: 'durationMs',
    of: ({ responseTimeMs }) => responseTimeMs.p50,
  },
  {
    id: 'p99',
    heading: 'p99',
    meaning: 'Response time that 99 of 100 answered requests stayed within.',
    kind: 'durationMs',
    of: ({ responseTimeMs }) => responseTimeMs.p99,
  },
  {
    id: 'cpu',
    heading: 'CPU',
    per: '/1,000',
    meaning: 'CPU time of the target per 1,000 requests.',
    kind: 'cpuMs',
    of: ({ server }) => server.cpuMsPer1000Requests,
  },
  {
    id: 'opened',
    heading: 'opened',
    per: '/1,000',
    meaning: 'Connections opened per 1,000 requests.',
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
    heading: 'twice',
    meaning: 'Requests that the target executed more than once.',
    kind: 'count',
    of: ({ ledger }) => ledger?.executedTwice ?? null,
  },
  {
    id: 'lost',
    heading: 'lost',
    meaning: 'Requests reported as failed that the target never executed.',
    kind: 'count',
    of: ({ ledger }) => ledger?.lost ?? null,
  },
  {
    id: 'ghost',
    heading: 'done, yet failed',
    meaning: 'Requests that the target executed although the client saw a failure.',
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
    const cells = figures.map((one, row) => cell(one, scale, definition, strategies[row]));
    const { id, heading, meaning, per = '' } = definition;
    return { id, heading, meaning, unit: `${scale.unit}${per}`, cells };
  });
  return { strategies, columns };
}

export function referenceFirst(strategies: readonly StrategySummary[], reference: string): StrategySummary[] {
  return [
    ...strategies.filter(({ label }) => label === reference),
    ...strategies.filter(({ label }) => label !== reference),
  ];
}

/** `2.9 (2.5–3.4)` */
export function cellText({ text, interval }: ComparisonCell): string {
  return interval === null ? text : `${text} (${interval})`;
}

function asEstimate(value: Estimate | number | null): Estimate {
  return value === null || typeof value === 'number' ? { estimate: value, low: null, high: null } : value;
}

function cell(
  one: Estimate,
  scale: Scale,
  { kind, zeroOf }: Definition,
  strategy: StrategySummary,
): ComparisonCell {
  const text = figure(one.estimate, scale);
  if (text === notAvailable) return { text, interval: null };
  const isShareOfNone = kind === 'share' && one.estimate === 0;
  const measuredOn = one.low === null ? null : strategy.requests.started;
  const counted = zeroOf === undefined ? measuredOn : zeroOf(strategy);
  if (isShareOfNone && counted !== null) return { text: '0', interval: zeroBound(counted) };
  return { text, interval: bounds(one, scale) };
}
