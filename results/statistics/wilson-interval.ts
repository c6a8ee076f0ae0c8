/**
 * Wilson's score interval (1927) for a share: it keeps its 95 % where shares are small and never
 * leaves 0 to 1, which the textbook p ± 1.96·SE does not. Zero failures get Wilson's own upper
 * bound, 3.84/(n + 3.84); the sentence "< 3/n" is the reports' business.
 */
import { type Estimate, noEstimate } from '../../harness/contract/estimate.ts';
import { normalQuantile } from './normal-quantile.ts';

const z = normalQuantile(0.975);

/**
 * @param effectiveTrials How many independent trials the `trials` are worth; smaller where failures come in
 * clusters. It widens the interval and leaves the estimate.
 * @returns All null without trials.
 */
export function wilsonInterval(failures: number, trials: number, effectiveTrials = trials): Estimate {
  if (trials === 0) return noEstimate;
  const estimate = failures / trials;
  const shrinkage = 1 + (z * z) / effectiveTrials;
  const middle = (estimate + (z * z) / (2 * effectiveTrials)) / shrinkage;
  const halfWidth =
    (z / shrinkage) *
    Math.sqrt((estimate * (1 - estimate)) / effectiveTrials + (z * z) / (4 * effectiveTrials ** 2));
  return {
    estimate,
    // The ends are exact in theory and off by a rounding error in practice.
    low: failures === 0 ? 0 : Math.max(0, middle - halfWidth),
    high: failures === trials ? 1 : Math.min(1, middle + halfWidth),
  };
}
