/**
 * Finds what a client kind and a target refuse of a strategy, and the nearest variant that they carry out. Each option
 * that has few values takes the other values, and the first policy without a refusal is the nearest.
 */
import type { ResolvedChoice } from '../../strategies/resolve-strategy.ts';
import { HarnessError } from '../base/errors.ts';
import { changedKnobs, refusalsOf } from '../contract/carries.ts';
import type { ClientKind } from '../contract/client-kind.ts';
import type { Policy } from '../contract/policy.ts';
import type { ScenarioConfig } from '../contract/run-config.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import type { TargetKind } from '../contract/target.ts';

/** @returns The policy of the choice. @throws HarnessError `strategy-refused` if client or target cannot carry it out. */
export function policyCarriedOut(
  choice: ResolvedChoice,
  facts: ScenarioFacts,
  scenario: ScenarioConfig,
  client: ClientKind,
  target: TargetKind,
): Policy {
  const { target: config, id } = scenario;
  const refusals = (policy: Policy) => {
    const changed = changedKnobs(policy, config.idleTimeoutMs);
    return {
      ofClient: refusalsOf(client.carries, changed, policy),
      ofTarget: refusalsOf(target.carries, changed, { config, policy: policy.server }),
    };
  };
  const policy = choice.policyFor(facts);
  const { ofClient, ofTarget } = refusals(policy);
  if (ofClient.length + ofTarget.length === 0) return policy;
  const reasons = [
    ...ofClient.map((why) => `client "${client.id}": ${why}`),
    ...ofTarget.map((why) => `target "${target.id}": ${why}`),
  ];
  const variant = nearestVariant(
    choice,
    facts,
    (policy) => Object.values(refusals(policy)).flat().length === 0,
  );
  const nearest = variant === null ? '' : `. The nearest variant that they can carry out: ${variant}`;
  throw new HarnessError(
    'strategy-refused',
    `Strategy "${choice.label}" cannot be carried out in scenario "${id}": ${reasons.join('; ')}${nearest}`,
    ofClient.length === 0 ? {} : { hint: `idlerace list strategies --for ${client.id}` },
  );
}

/** For example `evict(checkedAt=timer)`; null when no variant is carried out. */
export function nearestVariant(
  { variants }: ResolvedChoice,
  facts: ScenarioFacts,
  isCarriedOut: (policy: Policy) => boolean,
): string | null {
  const nearest = variants.find(({ policyFor }) => {
    try {
      return isCarriedOut(policyFor(facts));
    } catch (error) {
      // The parts of the variant contradict each other, or an option does not fit the scenario.
      if (error instanceof HarnessError) return false;
      throw error;
    }
  });
  return nearest?.label ?? null;
}
