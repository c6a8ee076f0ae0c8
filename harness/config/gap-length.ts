/**
 * Lengths of idle gaps: a duration, or a share of the target's idle timeout, for example `90%`. With a share,
 * the gap stays near the race when the timeout is swept. Lengths become ms when the scenario is complete.
 */
import { z } from 'zod';
import type { Distribution } from '../contract/distribution.ts';
import { distribution, duration, durations } from './matrix-fields.ts';

/** ms, or a percentage of the idle timeout. */
export type GapLength = number | { readonly percent: number };

const percentage = z
  .string()
  .regex(/^\d+(\.\d+)?\s*%$/)
  .transform((text) => ({ percent: Number.parseFloat(text) }));

const gapLength: z.ZodType<GapLength> = z.union([percentage, duration], {
  error: 'expected a duration, for example 500ms, or a share of target.idleTimeout, for example 90%',
});

/** A distribution over gaps; a bare length is a fixed one. */
export const gapDistribution = distribution<GapLength>({
  ...durations,
  value: gapLength,
  example: '500ms or 90%',
  range: '[80%, 110%]',
  isOrdered: (min, max) => {
    if (typeof min === 'number') return typeof max !== 'number' || min <= max;
    return typeof max === 'number' || min.percent <= max.percent;
  },
});

/** In ms. @returns null where a share is asked for and there is no idle timeout. */
export function absoluteGap(gap: Distribution<GapLength>, idleTimeoutMs: number | null): Distribution | null {
  let isKnown = true;
  const toMs = (length: GapLength): number => {
    if (typeof length === 'number') return length;
    if (idleTimeoutMs === null) isKnown = false;
    return ((idleTimeoutMs ?? 0) * length.percent) / 100;
  };
  const absolute = mapped(gap, toMs);
  return isKnown ? absolute : null;
}

function mapped(gap: Distribution<GapLength>, toMs: (length: GapLength) => number): Distribution {
  switch (gap.kind) {
    case 'fixed':
      return { kind: 'fixed', value: toMs(gap.value) };
    case 'uniform':
      return { kind: 'uniform', min: toMs(gap.min), max: toMs(gap.max) };
    case 'normal':
      return { kind: 'normal', mean: toMs(gap.mean), sd: toMs(gap.sd) };
    case 'lognormal':
      return { ...gap, median: toMs(gap.median) };
    case 'exponential':
      return { kind: 'exponential', mean: toMs(gap.mean) };
    case 'mixture':
      return {
        kind: 'mixture',
        parts: gap.parts.map(({ weight, of }) => ({ weight, of: mapped(of, toMs) })),
      };
  }
}

/** Whether a uniform range has its minimum above its maximum, once all lengths are in ms. */
export function isReversed(gap: Distribution): boolean {
  if (gap.kind === 'mixture') return gap.parts.some(({ of }) => isReversed(of));
  return gap.kind === 'uniform' && gap.min > gap.max;
}
