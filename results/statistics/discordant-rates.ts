/**
 * Differences of failure rates from a reference, from the requests on which the two disagree, with rounds as
 * clusters.
 *
 * All strategies of a round got the same requests, so most failures hit the same ones; only discordant requests
 * count (McNemar 1947), in Tango's score interval on the counts of all rounds. Rounds may scatter more than
 * independent requests would: the interval is widened by √φ, the dispersion between rounds (quasi-likelihood,
 * Wedderburn 1974). φ is at least 1, and the widest of three counts: independent requests with the normal
 * distribution; φ pooled over all strategies, with Student's t; the strategy's own φ, shrunk toward the pooled
 * one with the weight of four degrees of freedom. One bad round of one strategy is then no evidence. A strategy whose
 * φ is of another order (an outage) is left out of the pool, as in the block model: it would blur all others, and its
 * own interval rests on its own φ alone.
 */
import type { Estimate } from '../../harness/contract/summary.ts';
import { apartRatio } from './block-model.ts';
import { SimultaneousWidth, type VarianceEstimate } from './simultaneous-width.ts';
import { type DiscordantCounts, tangoInterval } from './tango-interval.ts';

/** Failures of healthy rounds scatter alike in all strategies, so more is borrowed than for times. */
const priorDegrees = 4;

export interface RateEffect {
  /** own − reference; no bounds below two rounds, all null without requests. */
  readonly effect: Estimate;
  /** In standard errors of independent requests; null without bounds. */
  readonly width: SimultaneousWidth | null;
}

/**
 * @param strategies For each strategy but the reference, one entry per round in which both have a healthy trial.
 * @param level Probability that any of the intervals misses.
 * @returns One for each strategy, in order.
 */
export function discordantRates(
  strategies: readonly (readonly DiscordantCounts[])[],
  level: number,
): RateEffect[] {
  const compared = strategies.filter((rounds) => rounds.length > 0).length;
  const scatters = strategies.map(scatterOf);
  const { pooled, pooledDegrees, apart } = pool(scatters, compared);
  return strategies.map((rounds, index) => {
    const total = sumOf(rounds);
    if (rounds.length < 2)
      return { effect: { ...tangoInterval(total, 1), low: null, high: null }, width: null };
    const estimates: VarianceEstimate[] = [{ standardError: 1, degrees: Number.POSITIVE_INFINITY }];
    const { dispersion, degrees } = scatters[index];
    if (apart.has(scatters[index])) estimates.push({ standardError: Math.sqrt(dispersion), degrees });
    else {
      if (pooledDegrees > 0) estimates.push({ standardError: Math.sqrt(pooled), degrees: pooledDegrees });
      if (degrees > 0) {
        const own = (priorDegrees * pooled + degrees * dispersion) / (priorDegrees + degrees);
        estimates.push({ standardError: Math.sqrt(own), degrees, borrowed: priorDegrees });
      }
    }
    const width = new SimultaneousWidth(estimates, compared, level);
    return { effect: tangoInterval(total, width.halfWidth), width };
  });
}

interface Scatter {
  readonly dispersion: number;
  readonly degrees: number;
}

/** φ of all strategies together but those apart, as in the block model, from three rounds on; 1 without any degrees of freedom. */
function pool(scatters: readonly Scatter[], compared: number) {
  const apart = new Set<Scatter>();
  const together = (of: readonly Scatter[]) => {
    const degrees = of.reduce((sum, one) => sum + one.degrees, 0);
    const squares = of.reduce((sum, one) => sum + one.dispersion * one.degrees, 0);
    return { pooled: degrees === 0 ? 1 : squares / degrees, pooledDegrees: degrees };
  };
  for (const one of scatters.toSorted((a, b) => b.dispersion - a.dispersion)) {
    const others = scatters.filter((other) => other !== one && !apart.has(other));
    const isApart = one.degrees >= 2 && one.dispersion > apartRatio * Math.max(1, together(others).pooled);
    if (!isApart || apart.size === compared - 1) break;
    apart.add(one);
  }
  return { ...together(scatters.filter((one) => !apart.has(one))), apart };
}

/** Pearson's dispersion of a strategy's rounds around its own difference; no degrees where nothing is discordant. */
function scatterOf(rounds: readonly DiscordantCounts[]): Scatter {
  const { requests, ownOnly, referenceOnly } = sumOf(rounds);
  const discordant = ownOnly + referenceOnly;
  if (rounds.length < 2 || discordant === 0) return { dispersion: 1, degrees: 0 };
  const difference = (ownOnly - referenceOnly) / requests;
  const squares = rounds.reduce((sum, round) => {
    const distance = round.ownOnly - round.referenceOnly - difference * round.requests;
    return sum + distance ** 2 / ((discordant * round.requests) / requests);
  }, 0);
  const degrees = rounds.length - 1;
  return { dispersion: squares / degrees, degrees };
}

function sumOf(rounds: readonly DiscordantCounts[]): DiscordantCounts {
  const sum = (of: (round: DiscordantCounts) => number) => rounds.reduce((all, round) => all + of(round), 0);
  return {
    requests: sum(({ requests }) => requests),
    ownOnly: sum(({ ownOnly }) => ownOnly),
    referenceOnly: sum(({ referenceOnly }) => referenceOnly),
  };
}
