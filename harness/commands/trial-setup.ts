/** What a prepared trial needs to be run: the one place where a setup is made, for runs, their floor, and the self-test. */
import { assert } from '../base/assert.ts';
import type { PreparedTrial, TrialFiles, TrialParts, TrialSetup } from '../engine/trial-parts.ts';

export function trialSetup(
  { scenario: { target, via, network, client }, ...trial }: PreparedTrial,
  files: TrialFiles,
  host: string,
): TrialSetup {
  const { kind: clientKind, settings, ...limits } = client;
  return { ...trial, ...files, ...network, target, via, clientKind, settings, limits, host };
}

/** The configuration has been checked, so every kind that it names exists. */
export function kindsOf(
  { target, via }: Pick<PreparedTrial['scenario'], 'target' | 'via'>,
  { targetKinds, balancerKinds }: Pick<TrialParts, 'targetKinds' | 'balancerKinds'>,
): Pick<PreparedTrial, 'targetKind' | 'balancerKind'> {
  const targetKind = targetKinds.find(({ id }) => id === target.kind);
  assert(targetKind !== undefined, `No target kind "${target.kind}"`);
  if (via === null) return { targetKind, balancerKind: null };
  const balancerKind = balancerKinds.find(({ id }) => id === via.kind);
  assert(balancerKind !== undefined, `No balancer kind "${via.kind}"`);
  return { targetKind, balancerKind };
}
