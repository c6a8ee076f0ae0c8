/** The size of a difference in words: size, direction, and interval of one verdict. */
import type { ComparedMetric, StrategySummary, Verdict } from '../harness/contract/summary.ts';
import { isKnown, plain, quantity, type Scale, scaleFor } from './format.ts';

export const metricNames: Readonly<Record<ComparedMetric, string>> = {
  errorRate: 'error rate',
  responseTimeP50: 'p50',
  responseTimeP99: 'p99',
  cpuPer1000Requests: 'CPU',
  connectionsOpened: 'connections opened',
  throughput: 'throughput',
};

interface Directions {
  readonly less: string;
  readonly more: string;
  /** Follows `3.1 times`. */
  readonly times: string;
}

const height: Directions = { less: 'lower', more: 'higher', times: 'as high' };
const directions: Readonly<Record<ComparedMetric, Directions>> = {
  errorRate: height,
  responseTimeP50: height,
  responseTimeP99: height,
  cpuPer1000Requests: { less: 'less', more: 'more', times: 'as much' },
  connectionsOpened: { less: 'fewer', more: 'more', times: 'as many' },
  throughput: {
    less: 'fewer answers per second',
    more: 'more answers per second',
    times: 'as many answers per second',
  },
};

/** Figures that may be zero on one side, where a ratio says nothing. */
const figures: Partial<Record<ComparedMetric, (strategy: StrategySummary) => number | null>> = {
  cpuPer1000Requests: ({ server }) => server.cpuMsPer1000Requests.estimate,
  connectionsOpened: ({ connections }) => connections.openedPer1000Requests.estimate,
  throughput: ({ answeredPerSecond }) => answeredPerSecond.estimate,
};

/**
 * `2.9 percentage points lower, 2.5 to 3.2`, `18 % higher, 11 % to 26 %`, `3.1 times as high, 2.9 to 3.3`,
 * and where one side is zero `none` or `the reference has none`.
 */
export function effectText(
  metric: ComparedMetric,
  { scale, effect }: Verdict,
  strategy: StrategySummary,
  reference: StrategySummary | undefined,
): string {
  const figure = figures[metric];
  if (figure?.(strategy) === 0) return 'none';
  if (reference !== undefined && figure?.(reference) === 0) return 'the reference has none';
  if (!isKnown(effect.estimate)) return '';
  return scale === 'difference' ? differenceText(metric, effect) : ratioText(metric, effect);
}

function differenceText(metric: ComparedMetric, { estimate, low, high }: Verdict['effect']): string {
  const { less, more } = directions[metric];
  const value = estimate ?? 0;
  const size = scaleFor('share', [Math.abs(value)]);
  return `${size.number(Math.abs(value))} percentage points ${value < 0 ? less : more}${between([low, high], 0, size.number)}`;
}

/** Larger ratios are not printed: their size no longer matters for a decision. */
const timesMax = 1_000;

function ratioText(metric: ComparedMetric, { estimate, low, high }: Verdict['effect']): string {
  const { less, more, times } = directions[metric];
  const value = estimate ?? 1;
  if (value >= 2) {
    // Two digits for the smallest, which may be near 1.
    const factor = scaleFor(
      'count',
      [value, low, high].filter((one) => isKnown(one) && one < timesMax),
    );
    const text = (one: number) => (one < timesMax ? factor.number(one) : 'more than 1,000');
    return `${text(value)} times ${times}${between([low, high], 0, text)}`;
  }
  if (value < 0.01) {
    const text = (one: number) => plain('share', one);
    return `${text(value)} of the reference’s${between([low, high], 0, text)}`;
  }
  const size = wholePercent(Math.abs(value - 1));
  // A bound that rounds to 0 % would read as if it included "no difference".
  const text = (one: number) => {
    if (one >= 10) return 'more than 1,000 %';
    return one > 0 && one < 0.005 ? plain('share', one) : quantity(one, size);
  };
  return `${text(Math.abs(value - 1))} ${value < 1 ? less : more}${between([low, high], 1, text)}`;
}

/** `, 2.5 to 3.2`: distances from the neutral value, smaller one first; empty without an interval. */
function between(
  bounds: readonly (number | null)[],
  neutral: number,
  text: (distance: number) => string,
): string {
  const known = bounds.filter(isKnown);
  if (known.length < 2) return '';
  const distances = known.map((bound) => Math.abs(bound - neutral)).sort((a, b) => a - b);
  return `, ${distances.map(text).join(' to ')}`;
}

/** The largest difference that the interval still allows. */
export function withinText({ scale, effect: { low, high } }: Verdict): string {
  if (!isKnown(low) || !isKnown(high)) return ' an unknown amount';
  const neutral = scale === 'ratio' ? 1 : 0;
  const size = Math.max(Math.abs(low - neutral), Math.abs(high - neutral));
  if (scale === 'difference') return `${scaleFor('share', [size]).number(size)} percentage points`;
  return quantity(size, wholePercent(size));
}

/** Ratios of noisy costs deserve no decimals, unless they are small. */
function wholePercent(size: number): Scale {
  return size < 0.02
    ? scaleFor('share', [size])
    : { unit: '%', size: 0.01, number: (value) => (value * 100).toFixed(0) };
}
