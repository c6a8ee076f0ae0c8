/** Kinds of values that a matrix file is made of: durations, sizes, distributions. Each says what would be right. */
import { z } from 'zod';
import { parseDurationMs } from '../base/units.ts';
import type { Distribution } from '../contract/distribution.ts';

const durationPattern = /^\d+(\.\d+)?\s*(ms|s|m|h)$|^0$/;

/** `500ms`, `1.5s`, `2m`, `1h` or 0, as milliseconds. */
export const duration = z
  .union([z.string().regex(durationPattern), z.literal(0)], {
    error: ({ input }) =>
      typeof input === 'number'
        ? `a duration needs a unit; did you mean "${input}ms"?`
        : 'a duration such as 500ms, 1.5s, 2m or 0 is wanted',
  })
  .transform((text) => parseDurationMs(`${text}`) ?? 0);

const sizeUnits = { B: 1, KB: 1e3, MB: 1e6, KiB: 1_024, MiB: 1_048_576 } as const;

/** `512`, `4KiB`, `1MB`, as bytes. */
export const size = z
  .union([z.int().min(0), z.string().regex(/^\d+(\.\d+)?\s*(B|KB|MB|KiB|MiB)$/)], {
    error: 'a size such as 512, 4KiB or 1MB is wanted',
  })
  .transform((value) => {
    if (typeof value === 'number') return value;
    const [, number, unit] = /^([\d.]+)\s*(\w+)$/.exec(value) ?? ['', '0', 'B'];
    return Math.round(Number(number) * (Object.entries(sizeUnits).find(([name]) => name === unit)?.[1] ?? 1));
  });

type Value = typeof duration | typeof size;

/** A distribution over durations or sizes; a bare value is a fixed one. */
export function distribution(value: Value): z.ZodType<Distribution> {
  const fixed = z.strictObject({ fixed: value.describe('Always this value.') });
  const uniform = z
    .strictObject({ uniform: z.tuple([value, value]).describe('Evenly between [min, max].') })
    .refine(({ uniform: [min, max] }) => min <= max, {
      error: 'uniform: [min, max] needs min at or below max',
      path: ['uniform'],
    });
  const normal = z.strictObject({
    normal: z
      .strictObject({ mean: value, sd: value })
      .describe('Bell curve; draws below zero count as zero.'),
  });
  const lognormal = z.strictObject({
    lognormal: z
      .strictObject({
        median: value,
        sigma: z.number().min(0).max(10).describe('Standard deviation of ln x.'),
      })
      .describe('Skewed to the right: many short, few long.'),
  });
  const exponential = z.strictObject({
    exponential: z.strictObject({ mean: value }).describe('Memoryless: the gaps of a Poisson process.'),
  });
  const simple = z
    .union([value, fixed, uniform, normal, lognormal, exponential], { error: distributionError })
    .transform(toDistribution);
  const mixture = z.strictObject({
    mixture: z
      .array(z.strictObject({ weight: z.number().positive().describe('Relative weight.'), of: simple }))
      .min(1)
      .describe('One of several distributions, drawn by weight.'),
  });
  return z.union([simple, mixture.transform(toMixture)], { error: distributionError });
}

function distributionError({ input }: { input: unknown }): string {
  if (typeof input === 'number') return `a unit is missing; did you mean "${input}ms"?`;
  return 'a value such as 500ms, or a distribution such as { uniform: [250ms, 600ms] }, { normal: { mean, sd } }, { lognormal: { median, sigma } }, { exponential: { mean } } or { mixture: [{ weight, of }] } is wanted';
}

type SimpleInput =
  | number
  | { fixed: number }
  | { uniform: [number, number] }
  | { normal: { mean: number; sd: number } }
  | { lognormal: { median: number; sigma: number } }
  | { exponential: { mean: number } };

function toDistribution(input: SimpleInput): Distribution {
  if (typeof input === 'number') return { kind: 'fixed', value: input };
  if ('fixed' in input) return { kind: 'fixed', value: input.fixed };
  if ('uniform' in input) return { kind: 'uniform', min: input.uniform[0], max: input.uniform[1] };
  if ('normal' in input) return { kind: 'normal', ...input.normal };
  if ('lognormal' in input) return { kind: 'lognormal', ...input.lognormal };
  return { kind: 'exponential', ...input.exponential };
}

function toMixture({ mixture }: { mixture: { weight: number; of: Distribution }[] }): Distribution {
  return { kind: 'mixture', parts: mixture };
}
