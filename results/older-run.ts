/** Completes the record of a run that an older idlerace stored: adds the fields that it did not write. */
import { type ScenarioConfig, worthwhileDefaults } from '../harness/contract/run-config.ts';
import type { RunRecord } from './store.ts';

/** A run that was stored before a field existed means what the field's default says. */
export function withDefaults(record: RunRecord): RunRecord {
  const { config } = record;
  return {
    ...record,
    ended: record.ended ?? null,
    config: {
      ...config,
      until: config.until ?? null,
      repeatUnhealthyMax: config.repeatUnhealthyMax ?? 0,
      worthwhile: { ...worthwhileDefaults, ...config.worthwhile },
      scenarios: config.scenarios.map(withBothLags),
    },
    trials: record.trials.map((trial) => ({ ...trial, attempt: trial.attempt ?? 1 })),
  };
}

/** An older run has one allowance, `lagAllowanceMs`, for both sides. */
function withBothLags(scenario: ScenarioConfig & { readonly lagAllowanceMs?: number }): ScenarioConfig {
  const { lagAllowanceMs = 50, ...same } = scenario;
  const allowed = { serverLagMs: lagAllowanceMs, clientLagMs: lagAllowanceMs };
  return { ...same, lagAllowance: scenario.lagAllowance ?? allowed };
}
