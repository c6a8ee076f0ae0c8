/** One `RaceRow` per killed attempt of a trial, warm-up included and marked. */
import { nsPerMs } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomes } from '../harness/contract/outcome.ts';
import { deathSigns } from '../harness/contract/samples.ts';
import type { RaceRow } from '../harness/contract/summary.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { isMeasured } from './digest-trial.ts';

export function raceRows(plan: LoadPlan, trial: TrialResult): RaceRow[] {
  const { generator, identity, target } = trial;
  if (generator === null) return [];
  const { deaths, connections } = generator;
  return Array.from(deaths.request, (request, death) => ({
    scenario: identity.scenarioId,
    strategy: identity.strategyLabel,
    round: identity.round,
    isWarmup: !isMeasured(plan, generator, request),
    request,
    client: plan.client[request],
    attempt: deaths.attempt[death],
    method: plan.templates[plan.template[request]].method,
    outcome: outcomes[deaths.outcome[death]],
    sign: deathSigns[deaths.sign[death]],
    isReused: deaths.reused[death] === 1,
    connection: deaths.connection[death],
    localPort: connections.localPort[deaths.connection[death]],
    idleAgeMs: Number.isNaN(deaths.idleAgeNs[death]) ? null : deaths.idleAgeNs[death] / nsPerMs,
    sentMs: deaths.sentNs[death] / nsPerMs,
    diedAfterMs: (deaths.diedNs[death] - deaths.sentNs[death]) / nsPerMs,
    bytesWritten: deaths.bytesWritten[death],
    bytesRead: deaths.bytesRead[death],
    executions: target === null ? null : target.ledger.executions[request],
  }));
}
