/**
 * The load plan: every intended request of a round, computed before the run from the seed.
 *
 * All trials of a round run the same plan; its fingerprint is stored with each trial, so that
 * "identical load" is an equality check. Rows are sorted by intended time (open loop). The row
 * number is the request id that travels in the `x-request-id` header.
 */
import type { TableOf } from './columns.ts';

/** One kind of request in the mix. */
export interface RequestTemplate {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One row per request. */
export const planLayout = {
  /** ns from the start of the trial, ascending; all 0 in a closed loop. */
  intendedNs: Float64Array,
  client: Uint32Array,
  /** Index into `templates`. */
  template: Uint8Array,
  bodyBytes: Uint32Array,
} as const;

export interface LoadPlan extends TableOf<typeof planLayout> {
  /** `open`: sent at the intended times. `closed`: each client sends when its last request is done. */
  readonly loop: 'open' | 'closed';
  readonly round: number;
  readonly clients: number;
  /** Rows with an intended time below this, in ns from the start, are warm-up. */
  readonly warmupNs: number;
  /** Warm-up and measured time together, in ns; no intended time is later. */
  readonly endNs: number;
  readonly templates: readonly RequestTemplate[];
  /** SHA-256 over all of the above, hex, first 16 characters. */
  readonly fingerprint: string;
}
