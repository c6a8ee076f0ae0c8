/** How long trials and rounds will take, computed from the configuration. */
import type { RunConfig } from '../contract/run-config.ts';

/** Spawning, connecting, draining and stopping, beside warm-up and measured time. */
const trialOverheadMs = 300;

export function trialMsOf({ warmupMs, durationMs }: RunConfig): number {
  return warmupMs + durationMs + trialOverheadMs;
}

/** Every strategy of every scenario once. */
export function trialsPerRound({ scenarios, strategies }: RunConfig): number {
  return scenarios.length * strategies.length;
}

export function roundMsOf(config: RunConfig): number {
  return trialsPerRound(config) * trialMsOf(config);
}
