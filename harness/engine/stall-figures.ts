/** How long the processes of a part could not run within a span of time. Pure. */
import { nearestRank } from '../base/statistics/quantile.ts';
import { nsPerMs } from '../base/units.ts';
import type { Pulse } from '../contract/pulse.ts';

/** A process's part in a trial. */
export type HealthPart = 'generator' | 'wire' | 'balancer' | 'target';

export interface PartPulse {
  readonly part: HealthPart;
  readonly pulse: Pulse;
}

/** A part's stalls within a span of time, its worst process counting. */
export interface StallFigures {
  readonly msP99: number;
  readonly msMax: number;
}

/**
 * @param fromNs CLOCK_MONOTONIC ns, as `toNs`: a stall counts when it touches the span.
 * @returns null: no process of that part has a pulse.
 */
export function stallFigures(
  pulses: readonly PartPulse[],
  part: HealthPart,
  { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number },
): StallFigures | null {
  const figures = pulses
    .filter((one) => one.part === part)
    .map(({ pulse: { atNs, stalledNs } }) => {
      const sorted = stalledNs
        .filter((stalled, row) => atNs[row] > fromNs && atNs[row] - stalled < toNs)
        .sort();
      if (sorted.length === 0) return { msP99: 0, msMax: 0 };
      // In a short trial the 99th percentile would be the largest stall, which has a separate limit.
      const rank = Math.min(nearestRank(0.99, sorted.length), Math.max(1, sorted.length - 1));
      return { msP99: sorted[rank - 1] / nsPerMs, msMax: sorted[sorted.length - 1] / nsPerMs };
    });
  if (figures.length === 0) return null;
  return {
    msP99: Math.max(...figures.map(({ msP99 }) => msP99)),
    msMax: Math.max(...figures.map(({ msMax }) => msMax)),
  };
}
