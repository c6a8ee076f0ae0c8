/**
 * Tango's score interval (Statistics in Medicine 17, 1998) for the difference of two failure rates on the same
 * requests. Only discordant requests carry information: those that failed on one side alone. It holds where
 * failures are rare, also where none is discordant: then it is ± z²/(n + z²).
 */
import { type Estimate, noEstimate } from '../../harness/contract/estimate.ts';
import { bisect } from './bisect.ts';

export interface DiscordantCounts {
  /** Requests that both sides were asked to send. */
  readonly requests: number;
  /** Failed on the strategy's side only. */
  readonly ownOnly: number;
  /** Failed on the reference's side only. */
  readonly referenceOnly: number;
}

/**
 * @param critical Critical value in standard errors; 1.96 for a single 95 % interval.
 * @returns own − reference, as a share of the requests; all null without requests.
 */
export function tangoInterval(
  { requests, ownOnly, referenceOnly }: DiscordantCounts,
  critical: number,
): Estimate {
  if (requests === 0) return noEstimate;
  const estimate = (ownOnly - referenceOnly) / requests;
  // How many standard errors the data are from a true difference, with the nuisance rate fitted under it.
  const score = (difference: number) => {
    const a = 2 * requests;
    const b = -ownOnly - referenceOnly + (2 * requests - ownOnly + referenceOnly) * difference;
    const c = -referenceOnly * difference * (1 - difference);
    const rate = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
    const variance = requests * (2 * rate + difference * (1 - difference));
    const distance = ownOnly - referenceOnly - requests * difference;
    if (variance <= 0) return distance === 0 ? 0 : Math.sign(distance) * Number.POSITIVE_INFINITY;
    return distance / Math.sqrt(variance);
  };
  return {
    estimate,
    low: bisect((difference) => score(difference) > critical, -1, estimate),
    high: bisect((difference) => score(difference) >= -critical, estimate, 1),
  };
}
