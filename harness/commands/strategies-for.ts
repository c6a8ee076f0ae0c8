/** Which built-in strategies a client kind can carry out: the rows of `idlerace list strategies --for CLIENT`. */
import { strategies } from '../../strategies/index.ts';
import { resolveChoices } from '../../strategies/resolve-strategy.ts';
import { HarnessError } from '../base/errors.ts';
import { changedKnobs, refusalsOf } from '../contract/carries.ts';
import type { ClientKind } from '../contract/client-kind.ts';
import type { Policy } from '../contract/policy.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import { nearestVariant } from './refusals.ts';

/** A scenario in which each strategy changes a knob. Which knobs a strategy sets does not depend on these numbers. */
const facts: ScenarioFacts = {
  rttMs: 1,
  serverIdleTimeoutMs: 5_000,
  peerIdleTimeoutMs: 5_000,
  gapMaxMs: 60_000,
  serverLagMs: 50,
  clientLagMs: 50,
};

export interface StrategyRow {
  readonly id: string;
  /** Empty: the client carries out the strategy. */
  readonly refusals: readonly string[];
  /** The nearest variant that the client carries out; null: none. */
  readonly variant: string | null;
}

/** @throws HarnessError `usage` for a user's driver, which reports its knobs when a trial asks it to prepare. */
export async function strategiesFor({ id, carries }: ClientKind): Promise<StrategyRow[]> {
  if (carries === null) {
    throw new HarnessError(
      'usage',
      `Cannot list strategies for the driver "${id}": it reports its knobs only when a trial prepares it.`,
    );
  }
  const refusals = (policy: Policy) =>
    refusalsOf(carries, changedKnobs(policy, facts.serverIdleTimeoutMs), policy);
  const choices = await resolveChoices(
    strategies.map(({ id: use }) => ({ label: use, parts: [{ use, options: {} }] })),
  );
  return choices.map((choice) => ({
    id: choice.label,
    refusals: refusals(choice.policyFor(facts)),
    variant: nearestVariant(choice, facts, (policy) => refusals(policy).length === 0),
  }));
}

/** For example `no: …. Nearest: evict(checkedAt=timer)`. */
export function rowText({ refusals, variant }: StrategyRow): string {
  if (refusals.length === 0) return 'yes';
  return `no: ${refusals.join('; ')}.${variant === null ? '' : ` Nearest: ${variant}`}`;
}
