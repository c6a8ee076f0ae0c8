/** What a trial needs to be told, and the parts that it is put together from. */
import type { Child } from '../base/processes/child.ts';
import type { Launch, Processes } from '../base/processes/processes.ts';
import type { BalancerConfig, BalancerKind } from '../contract/balancer.ts';
import type { CaptureSetup, RunningCapture } from '../contract/capture.ts';
import type { ClientLimits, ClientSettings } from '../contract/client-kind.ts';
import type { FaultScript } from '../contract/fault.ts';
import type { MachineReading } from '../contract/health.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { PulseWatch } from '../contract/pulse.ts';
import type { ResourceSampler, ResourceSetup } from '../contract/resources.ts';
import type { ScenarioConfig } from '../contract/run-config.ts';
import type { ProcessUsage, TargetConfig, TargetKind, TargetThreads } from '../contract/target.ts';
import type { TrialIdentity } from '../contract/trial.ts';
import type { RunningWire, WireSetup } from '../contract/wire.ts';
import type { Pinning } from './machine.ts';

/** The parts that a trial is put together from; other rooms' work, handed in. */
export interface TrialParts {
  /** Every process of the trials. */
  readonly processes: Processes;
  readonly targetKinds: readonly TargetKind[];
  readonly balancerKinds: readonly BalancerKind[];
  /** Starts a generator for this client kind: our own process, or a driver. */
  spawnGenerator(clientKind: string): Promise<Child>;
  readonly pinning: Pinning | null;
  startWire(setup: Promise<WireSetup>, launch: Launch): Promise<RunningWire>;
  sampleResources(setup: ResourceSetup): ResourceSampler;
  /** Of all of them together. */
  processUsage(pids: readonly number[]): ProcessUsage;
  /** null: packets are not captured. */
  readonly startCapture: ((setup: CaptureSetup) => Promise<RunningCapture>) | null;
  machineReading(targetPid: number | null, threads: TargetThreads): MachineReading;
  /** Looks at processes from outside for when they could not run. */
  watchPulse(pids: readonly number[]): PulseWatch;
  /** Told when a trial's load is about to begin. */
  onLoad?(identity: TrialIdentity, processes: TrialProcesses): void;
}

/** The processes of a trial, by their ids. */
export interface TrialProcesses {
  readonly generators: readonly number[];
  /** null: it is not ours to see. */
  readonly target: number | null;
  readonly balancer: number | null;
  /** From front to back; empty without a round trip. */
  readonly wires: readonly number[];
}

/** A trial and its parts, before its files and its address are assigned. */
export interface PreparedTrial {
  readonly identity: TrialIdentity;
  readonly plan: LoadPlan;
  /** The faults and the requests of the plan that they affect; null: no faults. */
  readonly faults: FaultScript | null;
  readonly scenario: Pick<ScenarioConfig, 'target' | 'via' | 'network' | 'client'>;
  readonly targetKind: TargetKind;
  /** null: there is no hop between client and target. */
  readonly balancerKind: BalancerKind | null;
  /** The target's random seed; the same for all trials of a round. */
  readonly targetSeed: number;
  /** Number of processes that share the clients, from 1. */
  readonly generators: number;
}

export interface TrialFiles {
  readonly planFile: string;
  readonly samplesFile: string;
  /** File for the packets between the client and its server. */
  readonly captureFile: string;
}

export interface TrialSetup extends Omit<PreparedTrial, 'scenario'>, TrialFiles {
  readonly target: TargetConfig;
  /** Round trip before what the client talks to, ms. */
  readonly rttMs: number;
  /** null: there is no hop between client and target. */
  readonly via: BalancerConfig | null;
  /** Round trip between balancer and target, ms. */
  readonly upstreamRttMs: number;
  readonly clientKind: string;
  readonly settings: ClientSettings;
  readonly limits: ClientLimits;
  /** Loopback address of this trial. */
  readonly host: string;
}
