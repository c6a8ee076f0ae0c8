/**
 * The one place where figures become text: a unit and a number of decimals for a whole column, so
 * that its cells compare at a glance. null is always "not available", never 0.
 */
import type { Estimate, RacePredictionSummary } from '../harness/contract/summary.ts';

export const notAvailable = 'not available';

export type Quantity = 'share' | 'durationMs' | 'bytes' | 'count' | 'cpuMs';

/** How a column writes its numbers. */
export interface Scale {
  /** Stands in the heading; empty for plain counts. */
  readonly unit: string;
  /** How much of the quantity's own unit one of `unit` is. */
  readonly size: number;
  /** The number alone, in `unit`. */
  number(value: number): string;
}

interface Unit {
  readonly name: string;
  readonly size: number;
}

/** Smallest unit first; the one chosen is the largest that leaves the largest value at 1 or more. */
const units: Readonly<Record<Quantity, readonly Unit[]>> = {
  share: [{ name: '%', size: 0.01 }],
  durationMs: [
    { name: 'µs', size: 0.001 },
    { name: 'ms', size: 1 },
    { name: 's', size: 10_000 },
  ],
  bytes: [
    { name: 'B', size: 1 },
    { name: 'KiB', size: 2 ** 10 },
    { name: 'MiB', size: 2 ** 20 },
    { name: 'GiB', size: 2 ** 30 },
  ],
  count: [{ name: '', size: 1 }],
  cpuMs: [{ name: 'ms', size: 1 }],
};

/** Without any value, the unit that a reader would expect. */
function unitFor(quantity: Quantity, largest: number): Unit {
  const [smallest, ...others] = units[quantity];
  if (largest === 0) return others.find(({ name }) => name === 'ms' || name === 'MiB') ?? smallest;
  return others.findLast(({ size }) => largest >= size) ?? smallest;
}

/** Seconds are only used from 10 s on, but one of them is 1,000 ms. */
const divisor = (unit: Unit) => (unit.name === 's' ? 1_000 : unit.size);

export function scaleFor(quantity: Quantity, values: readonly (number | null)[]): Scale {
  const sizes = values.flatMap((value) => (isKnown(value) && value !== 0 ? [Math.abs(value)] : []));
  const largest = sizes.length === 0 ? 0 : Math.max(...sizes);
  // A share far below the others does not decide how they are written.
  const comparable = quantity === 'share' ? sizes.filter((size) => size * 1_000 >= largest) : sizes;
  const smallest = comparable.length === 0 ? 0 : Math.min(...comparable);
  const unit = unitFor(quantity, largest);
  const by = divisor(unit);
  const decimals =
    quantity === 'count' && sizes.every(Number.isInteger)
      ? 0
      : decimalsFor(quantity, largest / by, smallest / by);
  // Rare is not never: a share of the column that these decimals would write as zero keeps one digit.
  const isRare = (value: number) =>
    quantity === 'share' && sizes.includes(value) && value / by < 0.5 * 10 ** -decimals;
  return {
    unit: unit.name,
    size: by,
    number: (value) => (isRare(value) ? (value / by).toPrecision(1) : grouped(value / by, decimals)),
  };
}

/**
 * Two significant digits for the smallest, three for the largest (shares: one and two), at most two
 * decimals more than the largest asks for.
 */
function decimalsFor(quantity: Quantity, largest: number, smallest: number): number {
  if (largest === 0) return 0;
  const digitsBefore = (value: number) => Math.floor(Math.log10(value)) + 1;
  const wanted = quantity === 'share' ? Math.max(2 - digitsBefore(largest), 1) : 3 - digitsBefore(largest);
  const forSmallest = (quantity === 'share' ? 1 : 2) - digitsBefore(smallest);
  return Math.min(6, Math.max(0, wanted, Math.min(forSmallest, wanted + 2)));
}

/** Thousands set apart by commas, a true minus sign, no negative zero. */
function grouped(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === undefined ? digits : `${digits}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

export function isKnown(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

/** Without the unit, which stands in the heading. */
export function figure(value: number | null, scale: Scale): string {
  return isKnown(value) ? scale.number(value) : notAvailable;
}

/** With the unit, for prose. */
export function quantity(value: number | null, scale: Scale): string {
  if (!isKnown(value)) return notAvailable;
  return scale.unit === '' ? scale.number(value) : `${scale.number(value)} ${scale.unit}`;
}

/** A single value in prose, with a scale of its own. */
export function plain(kind: Quantity, value: number | null): string {
  return quantity(value, scaleFor(kind, [value]));
}

/** `2.5–3.4`; null when there is no interval. Low bounds below zero are joined by "to". */
export function bounds({ low, high }: Estimate, scale: Scale): string | null {
  if (!isKnown(low) || !isKnown(high)) return null;
  const joint = low < 0 ? ' to ' : '–';
  return `${scale.number(low)}${joint}${scale.number(high)}`;
}

/** The predicted share in prose. A zero that replays counted has a bound: 3/n, the "rule of three". */
export function predictedShare({
  raceProbability,
  by,
  requestsReplayed,
}: Pick<RacePredictionSummary, 'raceProbability' | 'by' | 'requestsReplayed'>): string {
  if (raceProbability !== 0) return plain('share', raceProbability);
  return by === 'replay' ? `less than ${plain('share', 3 / requestsReplayed)}` : 'none';
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(words);
}
