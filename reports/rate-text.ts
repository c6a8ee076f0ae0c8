/**
 * Shares of requests in words, with their intervals. A share of zero has two bounds: one assumes that failures are
 * independent, the other counts rounds and holds however failures cluster.
 */
import type { RateEstimate, StrategySummary } from '../harness/contract/summary.ts';
import { bounds, isKnown, notAvailable, plain, quantity, scaleFor } from './format.ts';

/** `2.9 % (95 % CI 2.5–3.2 %)`, `0 of 8,000`. */
export function rateText(rate: RateEstimate): string {
  if (!isKnown(rate.estimate)) return notAvailable;
  if (rate.none !== null) return zeroText(rate.none);
  const { share, interval } = rateParts(rate);
  return interval === '' ? share : `${share} (${interval})`;
}

/** The share and its interval apart, so that a sentence can put words between them. */
export function rateParts(rate: RateEstimate): { share: string; interval: string } {
  const scale = scaleFor('share', [rate.estimate, rate.high]);
  const between = bounds(rate, scale);
  return {
    share: quantity(rate.estimate, scale),
    interval: between === null ? '' : `95 % CI ${between} ${scale.unit}`,
  };
}

export function zeroText({ requests }: NonNullable<RateEstimate['none']>): string {
  return `0 ${ofRequests({ requests })}`;
}

/** Follows a zero in a table: `of 8,000`. */
export function ofRequests({ requests }: { readonly requests: number }): string {
  return `of ${plain('count', requests)}`;
}

const events = {
  failure: { noun: 'a failure', plural: 'failures', verb: 'fail' },
  race: { noun: 'a race', plural: 'races', verb: 'race' },
} as const;

/** What the zeros among `rates` leave possible, in one sentence that holds for each of them; null without any zero. */
export function zeroBoundsText(rates: readonly RateEstimate[], event: keyof typeof events): string | null {
  const zeros = rates.flatMap(({ none, high }) => (none === null ? [] : [{ ...none, high }]));
  if (zeros.length === 0) return null;
  const { noun, plural, verb } = events[event];
  const roundShare = Math.max(...zeros.map(({ badRoundShareHigh }) => badRoundShareHigh));
  const share = Math.max(...zeros.map(({ high }) => high ?? 1));
  const independent =
    share < 1 ? ` and, if ${plural} are independent, fewer than ${upTo(share)} of requests ${verb}` : '';
  return `at most ${(roundShare * 100).toFixed(0)} % of rounds contain ${noun}${independent} (95 % confidence)`;
}

/** Under a table: what the zeros among its error rates leave possible; null where every strategy has failures. */
export function zeroNote(strategies: readonly StrategySummary[]): string | null {
  const bound = zeroBoundsText(
    strategies.map(({ errorRate }) => errorRate),
    'failure',
  );
  return bound === null ? null : `Where no request failed, ${bound}.`;
}

/** A bound in per cent, two significant digits. */
function upTo(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
