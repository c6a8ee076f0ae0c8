/** The parts from which the schema of `summary.json` is built. They refuse unknown fields, so that tests find them. */
import { z } from 'zod';

export const text = z.string();
export const flag = z.boolean();
export const number = z.number();
/** Not available, or not enough data for it. */
export const numberOrNull = z.number().nullable();

export const object = z.strictObject;

export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item);
}

/** Objects with the same kind of value under each of a few names. */
export function each<const Name extends string, Value extends z.ZodType>(
  names: readonly Name[],
  value: Value,
): z.ZodObject<Record<Name, Value>, z.core.$strict> {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, value])) as Record<Name, Value>);
}

export const estimate = object({
  estimate: numberOrNull,
  low: numberOrNull.describe('null: too few rounds for an interval'),
  high: numberOrNull,
}).meta({ id: 'Estimate', description: 'A figure with its 95 % interval' });

export const rateEstimate = object({
  ...estimate.shape,
  none: object({
    requests: number,
    rounds: number,
    badRoundShareHigh: number.describe('At 95 % confidence at most this share of rounds contains a failure'),
  })
    .nullable()
    .describe('Set when nothing happened in any request; `high` then assumes that failures are independent'),
}).meta({ id: 'RateEstimate', description: 'A share of requests, 0 to 1, with its 95 % interval' });

const successPercentile = object({
  ...estimate.shape,
  reached: flag.describe('false: so many requests failed that the percentile is infinite'),
}).meta({ id: 'SuccessPercentile' });

export const successPercentiles = each(['p50', 'p90', 'p99'], successPercentile);

export const percentiles = object({
  ...each(['p50', 'p90', 'p99', 'p999'], estimate).shape,
  max: numberOrNull.describe('Largest of all rounds; a maximum has no interval'),
}).meta({ id: 'Percentiles', description: 'A percentile needs ten values beyond it, else it is null' });
