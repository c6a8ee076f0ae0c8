/** Every balancer kind. */
import type { Launch } from '../../base/processes/processes.ts';
import type { BalancerKind } from '../../contract/balancer.ts';
import { haproxyBalancer } from './haproxy.ts';
import { nginxBalancer } from './nginx.ts';

export function balancerKinds(launch: Launch): readonly BalancerKind[] {
  return [nginxBalancer(launch), haproxyBalancer(launch)];
}
