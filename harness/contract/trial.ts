/**
 * A trial: one strategy, in one round of one scenario, and everything that was written down of it.
 * The engine makes a `TrialResult`, the store keeps it, the summary is computed from it alone.
 */
import type { BalancerReport } from './balancer.ts';
import type { CaptureReport } from './capture.ts';
import type { HealthReadings } from './health.ts';
import type { Policy } from './policy.ts';
import type { ResourceSeries } from './resources.ts';
import type { GeneratorReport } from './samples.ts';
import type { ProcessUsage, TargetReport } from './target.ts';
import type { WireReport } from './wire.ts';

export interface TrialIdentity {
  /** `<scenario>.<strategy>.r<round>`, and `.again1` for a repeat: unique in the run, fit for a file name. */
  readonly id: string;
  readonly scenarioId: string;
  readonly strategyId: string;
  readonly strategyLabel: string;
  /** From 1. */
  readonly round: number;
  /** From 1. More than 1: a repeat, because every attempt before it was unhealthy. At most the last one is healthy. */
  readonly attempt: number;
  /** Position in the round's order, from 1; a repeat keeps the position of the first attempt. */
  readonly order: number;
  readonly policy: Policy;
  readonly planFingerprint: string;
}

/** The target's usage at the two ends of the measured time. */
export interface UsageSpan {
  readonly start: ProcessUsage;
  readonly end: ProcessUsage;
}

/** A conservation law, both sides counted; it holds when they are equal. */
export interface CheckedLaw {
  readonly law: string;
  readonly left: number;
  readonly right: number;
}

export interface TrialHealth {
  /** Not ok: kept, marked, and left out of every estimate. */
  readonly ok: boolean;
  /** Why not ok; for people. */
  readonly reasons: readonly string[];
  readonly laws: readonly CheckedLaw[];
  readonly readings: HealthReadings;
}

export interface TrialResult {
  readonly identity: TrialIdentity;
  /** null when the trial was cut short: nothing of it is counted. */
  readonly generator: GeneratorReport | null;
  readonly target: TargetReport | null;
  readonly wire: WireReport | null;
  /** null: nothing stands between client and target. */
  readonly balancer: BalancerReport | null;
  /** null: packets were not captured. */
  readonly capture: CaptureReport | null;
  readonly resources: ResourceSeries | null;
  readonly usage: UsageSpan | null;
  readonly health: TrialHealth;
}
