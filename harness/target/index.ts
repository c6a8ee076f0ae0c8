/** Every target kind. */
import type { TargetKind } from '../contract/target.ts';
import { commandTarget } from './command.ts';
import { embeddedTarget } from './embedded.ts';
import { goTarget } from './go.ts';
import { nginxTarget } from './nginx.ts';
import { urlTarget } from './url.ts';

export function targetKinds(options: { readonly cpus: string | null }): readonly TargetKind[] {
  return [
    embeddedTarget(options),
    goTarget(options),
    nginxTarget(options),
    commandTarget(options),
    urlTarget,
  ];
}
