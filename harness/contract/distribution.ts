/**
 * A distribution to draw non-negative numbers from. The unit (ms, bytes) is that of the field
 * that holds it. Draws below zero are clamped to zero. Drawing lives in `base/distribution.ts`.
 */

/** @template Value What its parameters are, until they are numbers. */
export type Distribution<Value = number> =
  | { readonly kind: 'fixed'; readonly value: Value }
  | { readonly kind: 'uniform'; readonly min: Value; readonly max: Value }
  | { readonly kind: 'normal'; readonly mean: Value; readonly sd: Value }
  | { readonly kind: 'lognormal'; readonly median: Value; readonly sigma: number } // sigma of ln x
  | { readonly kind: 'exponential'; readonly mean: Value }
  | {
      readonly kind: 'mixture';
      readonly parts: readonly { readonly weight: number; readonly of: Distribution<Value> }[];
    };
