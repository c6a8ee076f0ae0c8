/** Every balancer kind. */
import type { BalancerKind } from '../contract/balancer.ts';

/** @param _options CPUs to pin the process to; null: left to the scheduler. */
export function balancerKinds(_options: { readonly cpus: string | null }): readonly BalancerKind[] {
  return [];
}
