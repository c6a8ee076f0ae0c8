/** How long a request on a warm connection takes when nothing is late. A load plan adds this time to a client's gap. */

import { mean } from '../base/distribution.ts';
import type { ScenarioConfig } from '../contract/run-config.ts';

/** Round trips and mean service time, ms. A service time that only the target knows counts as 0. */
export function nominalResponseMs({ network, target }: Pick<ScenarioConfig, 'network' | 'target'>): number {
  const serviceMs = 'serviceMs' in target ? mean(target.serviceMs) : 0;
  return network.rttMs + network.upstreamRttMs + serviceMs;
}
