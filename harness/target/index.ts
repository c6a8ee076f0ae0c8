/** Every target kind. */
import type { Launch } from '../base/processes/processes.ts';
import type { TargetKind } from '../contract/target.ts';
import { commandTarget } from './command.ts';
import { embeddedTarget } from './embedded.ts';
import { goTarget } from './go.ts';
import { nginxTarget } from './nginx.ts';
import { urlTarget } from './url.ts';

export function targetKinds(launch: Launch): readonly TargetKind[] {
  return [embeddedTarget(launch), goTarget(launch), nginxTarget(launch), commandTarget(launch), urlTarget];
}
