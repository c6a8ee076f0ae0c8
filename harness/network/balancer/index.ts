/** Every balancer kind. */
import type { BalancerKind } from '../../contract/balancer.ts';
import { haproxyBalancer } from './haproxy.ts';
import { nginxBalancer } from './nginx.ts';

/** @param options CPUs to pin the process to; null: left to the scheduler. */
export function balancerKinds(options: { readonly cpus: string | null }): readonly BalancerKind[] {
  return [nginxBalancer(options), haproxyBalancer(options)];
}
