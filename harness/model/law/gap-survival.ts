/** The probability that a gap between two requests of one client is longer than x. Rare races are computed from it. */

import { normalProbability } from '../../base/statistics/normal-probability.ts';
import type { Distribution } from '../../contract/distribution.ts';
import type { ScenarioConfig } from '../../contract/run-config.ts';

/** P(draw > x); draws below zero count as zero. */
export function survival(distribution: Distribution, x: number): number {
  if (x < 0) return 1;
  switch (distribution.kind) {
    case 'fixed':
      return Number(distribution.value > x);
    case 'uniform': {
      const { min, max } = distribution;
      return x < min ? 1 : x >= max ? 0 : (max - x) / (max - min);
    }
    case 'normal': {
      const { mean, sd } = distribution;
      return sd === 0 ? Number(mean > x) : normalProbability((mean - x) / sd);
    }
    case 'lognormal': {
      const { median, sigma } = distribution;
      return sigma === 0 ? Number(median > x) : normalProbability(Math.log(median / x) / sigma);
    }
    case 'exponential':
      return Math.exp(-x / distribution.mean);
    case 'mixture': {
      const weightSum = distribution.parts.reduce((sum, { weight }) => sum + weight, 0);
      return distribution.parts.reduce(
        (sum, { weight, of }) => sum + (weight / weightSum) * survival(of, x),
        0,
      );
    }
  }
}

/**
 * P(gap > x ms) of the planned gaps of one client; null where more than one of its requests may be
 * under way, so that the idle age of a connection is not the gap.
 */
export function gapSurvival({
  traffic,
  client,
}: Pick<ScenarioConfig, 'traffic' | 'client'>): ((ms: number) => number) | null {
  switch (traffic.kind) {
    case 'think-time':
      return (ms) => survival(traffic.gapMs, ms);
    case 'heartbeat':
      return (ms) => beatSurvival(ms - traffic.periodMs, 2 * traffic.jitterMs);
    case 'poisson': {
      const mean = (traffic.clients / traffic.ratePerSecond) * 1_000;
      return client.connectionsPerClientMax === 1
        ? (ms) => survival({ kind: 'exponential', mean }, ms)
        : null;
    }
    case 'bursts':
    case 'closed':
      return null;
  }
}

/** The difference of two uniform jitters is triangular on ±reach. */
function beatSurvival(aside: number, reach: number): number {
  if (aside >= reach) return 0;
  if (aside < -reach) return 1;
  return aside >= 0 ? (reach - aside) ** 2 / (2 * reach ** 2) : 1 - (reach + aside) ** 2 / (2 * reach ** 2);
}
