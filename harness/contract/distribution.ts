/**
 * A distribution to draw non-negative numbers from. The unit (ms, bytes) is that of the field
 * that holds it. Draws below zero are clamped to zero. Drawing lives in `base/distribution.ts`.
 */

export type Distribution =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number } // sigma of ln x
  | { readonly kind: 'exponential'; readonly mean: number }
  | {
      readonly kind: 'mixture';
      readonly parts: readonly { readonly weight: number; readonly of: Distribution }[];
    };
