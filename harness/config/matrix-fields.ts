/** Kinds of values that a matrix file is made of: durations, sizes, distributions. Each says what would be right. */
import { z } from 'zod';
import { parseDurationMs } from '../base/units.ts';
import type { Distribution } from '../contract/distribution.ts';

type Rejected = { readonly input?: unknown };

const durationPattern = /^\d+(\.\d+)?\s*(ms|s|m|h)$|^0$/;
/** Node's timers fire at once beyond 2^31 ms (24.8 days); a day is plenty. */
const durationMsMax = 86_400_000;

function durationWanted({ input }: Rejected): string {
  const bare = typeof input === 'number' || (typeof input === 'string' && /^\d+(\.\d+)?$/.test(input));
  return bare && Number(input) >= 0
    ? `a duration needs a unit; did you mean "${input}ms"?`
    : 'expected a duration, for example 500ms, 1.5s, 2m, or 0';
}

/** `500ms`, `1.5s`, `2m`, `1h` or 0, as milliseconds; at most a day. */
export const duration = z
  .union([z.string().regex(durationPattern, { error: durationWanted }), z.literal(0)], {
    error: durationWanted,
  })
  .transform((text) => parseDurationMs(`${text}`) ?? Number.NaN)
  .refine((ms) => ms <= durationMsMax, { error: 'expected at most 24h' });

/** A duration that is not 0. */
export const positive = duration.refine((ms) => ms > 0, { error: 'expected more than 0' });

const sizeUnitBytes = { B: 1, KB: 1e3, MB: 1e6, KiB: 1_024, MiB: 1_048_576 } as const;
/** What the embedded server answers at most, and far below what a load plan's 32 bits hold. */
const sizeBytesMax = 16 * 1_048_576;
const sizeWanted = 'expected a size, for example 512, 4KiB, or 1MB';

/** `512`, `4KiB`, `1MB`, as bytes; at most 16 MiB. */
export const size = z
  .union(
    [
      z.int({ error: sizeWanted }).min(0, { error: sizeWanted }),
      z.string().regex(/^\d+(\.\d+)?\s*(B|KB|MB|KiB|MiB)$/, { error: sizeWanted }),
    ],
    { error: sizeWanted },
  )
  .transform((value) => (typeof value === 'number' ? value : parseSizeBytes(value)))
  .refine((bytes) => bytes <= sizeBytesMax, { error: 'expected at most 16MiB' });

function parseSizeBytes(text: string): number {
  const unitBytes = Object.entries(sizeUnitBytes).find(([unit]) => text.match(/[A-Za-z]+$/)?.[0] === unit);
  return Math.round(Number.parseFloat(text) * (unitBytes?.[1] ?? Number.NaN));
}

/** What a distribution's numbers are, and how its error message writes them. */
interface Measure<Value> {
  readonly value: z.ZodType<Value>;
  readonly example: string;
  readonly range: string;
  bareNumber(input: number): string | null;
  isOrdered(min: Value, max: Value): boolean;
}

const isAscending = (min: number, max: number) => min <= max;

export const durations: Measure<number> = {
  value: duration,
  example: '500ms',
  range: '[250ms, 600ms]',
  bareNumber: (input) => (input >= 0 ? durationWanted({ input }) : null),
  isOrdered: isAscending,
};

const sizes: Measure<number> = {
  value: size,
  example: '512 or 4KiB',
  range: '[128, 4KiB]',
  bareNumber: () => sizeWanted,
  isOrdered: isAscending,
};

/** A distribution over durations; a bare duration is a fixed one. */
export const durationDistribution = distribution(durations);

/** A distribution over sizes; a bare size is a fixed one. */
export const sizeDistribution = distribution(sizes);

export function distribution<Value>(measure: Measure<Value>): z.ZodType<Distribution<Value>> {
  const error = ({ input }: Rejected) => distributionWanted(measure, input);
  const simple = simpleDistribution(measure, error);
  const mixture = z.strictObject({
    mixture: z
      .array(
        z.strictObject({
          weight: z.number().positive().describe('Relative weight.'),
          of: simple.describe('The distribution that is drawn with this weight; not a mixture again.'),
        }),
      )
      .min(1)
      .describe('One of several distributions, drawn by weight.'),
  });
  return z.union([simple, mixture.transform(toMixture<Value>)], { error });
}

function simpleDistribution<Value>({ value, isOrdered }: Measure<Value>, error: (issue: Rejected) => string) {
  const fixed = z.strictObject({ fixed: value.describe('Always this value.') });
  const uniform = z
    .strictObject({ uniform: z.tuple([value, value]).describe('Evenly between [min, max].') })
    .refine(({ uniform: [min, max] }) => isOrdered(min, max), {
      error: 'uniform: [min, max] needs min at or below max',
      path: ['uniform'],
    });
  const normal = z.strictObject({
    normal: z
      .strictObject({ mean: value.describe('Mean.'), sd: value.describe('Standard deviation.') })
      .describe('Bell curve; draws below zero count as zero.'),
  });
  const lognormal = z.strictObject({
    lognormal: z
      .strictObject({
        median: value.describe('Median: half of the draws are below.'),
        sigma: z.number().min(0).max(10).describe('Standard deviation of ln x, without a unit.'),
      })
      .describe('Skewed to the right: many short, few long.'),
  });
  const exponential = z.strictObject({
    exponential: z
      .strictObject({ mean: value.describe('Mean.') })
      .describe('Memoryless: the gaps of a Poisson process.'),
  });
  return z
    .union([value.transform((bare) => ({ value: bare })), fixed, uniform, normal, lognormal, exponential], {
      error,
    })
    .transform(toDistribution<Value>);
}

function distributionWanted<Value>({ example, range, bareNumber }: Measure<Value>, input: unknown): string {
  const hint = typeof input === 'number' ? bareNumber(input) : null;
  return (
    hint ??
    `expected a value, for example ${example}, or one distribution: { uniform: ${range} }, { normal: { mean, sd } }, { lognormal: { median, sigma } }, { exponential: { mean } }, or { mixture: [{ weight, of }] }`
  );
}

type SimpleInput<Value> =
  | { value: Value }
  | { fixed: Value }
  | { uniform: [Value, Value] }
  | { normal: { mean: Value; sd: Value } }
  | { lognormal: { median: Value; sigma: number } }
  | { exponential: { mean: Value } };

function toDistribution<Value>(input: SimpleInput<Value>): Distribution<Value> {
  if ('value' in input) return { kind: 'fixed', value: input.value };
  if ('fixed' in input) return { kind: 'fixed', value: input.fixed };
  if ('uniform' in input) return { kind: 'uniform', min: input.uniform[0], max: input.uniform[1] };
  if ('normal' in input) return { kind: 'normal', ...input.normal };
  if ('lognormal' in input) return { kind: 'lognormal', ...input.lognormal };
  return { kind: 'exponential', ...input.exponential };
}

function toMixture<Value>({
  mixture,
}: {
  mixture: { weight: number; of: Distribution<Value> }[];
}): Distribution<Value> {
  return { kind: 'mixture', parts: mixture };
}

type Renamed<Fields, Names> = {
  [Name in keyof Fields as Name extends keyof Names ? Names[Name] & string : Name]: Fields[Name];
};

/** Renames some fields of the object to the contract's names, most of which end with their unit. */
export function renamed<
  Shape extends z.core.$ZodShape,
  const Names extends Partial<Record<keyof Shape, string>>,
>(schema: z.ZodObject<Shape, z.core.$strict>, names: Names) {
  return schema.transform((fields) => {
    const entries = Object.entries(fields).map(([name, value]) => [Reflect.get(names, name) ?? name, value]);
    return Object.fromEntries(entries) as Renamed<typeof fields, Names>;
  });
}
