/** Every target kind. */
import type { TargetKind } from '../contract/target.ts';
import { embeddedTarget } from './embedded.ts';
import { goTarget } from './go.ts';
import { urlTarget } from './url.ts';

export function targetKinds(options: { readonly cpus: string | null }): readonly TargetKind[] {
  return [embeddedTarget(options), goTarget(options), urlTarget];
}
