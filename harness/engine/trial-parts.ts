/** What a trial needs to be told, and the parts that it is put together from. */
import type { ClientLimits } from '../contract/client-kind.ts';
import type { FaultScript } from '../contract/fault.ts';
import type { MachineReading } from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { ResourceSampler, ResourceSetup } from '../contract/resources.ts';
import type { ProcessUsage, TargetConfig, TargetKind } from '../contract/target.ts';
import type { TrialIdentity } from '../contract/trial.ts';
import type { RunningWire, WireSetup } from '../contract/wire.ts';
import type { Pinning } from './machine.ts';

/** The parts that a trial is put together from; other rooms' work, handed in. */
export interface TrialParts {
  readonly targetKinds: readonly TargetKind[];
  readonly pinning: Pinning | null;
  startWire(setup: Promise<WireSetup>, options: { cpus: string | null }): Promise<RunningWire>;
  sampleResources(setup: ResourceSetup): ResourceSampler;
  processUsage(pid: number): ProcessUsage;
  machineReading(targetPid: number | null): MachineReading;
  /** Told when a trial's load is about to begin. */
  onLoad?(identity: TrialIdentity): void;
}

export interface TrialSetup {
  readonly identity: TrialIdentity;
  readonly plan: LoadPlan;
  readonly planFile: string;
  readonly samplesFile: string;
  readonly target: TargetConfig;
  /** Seeds what the target draws; the same for all trials of a round. */
  readonly targetSeed: number;
  /** null: the target commits no faults. */
  readonly faults: FaultScript | null;
  readonly rttMs: number;
  readonly clientKind: string;
  /** Processes that the clients are spread over, from 1. */
  readonly generators: number;
  readonly limits: ClientLimits;
  /** Loopback address of this trial. */
  readonly host: string;
}
