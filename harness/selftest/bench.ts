/**
 * Runs a trial of the real engine on a load plan made by hand: the same processes, the same client,
 * the same books as in a run, so that what the self-test proves is what a run uses.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { combinePolicies } from '../../strategies/combine.ts';
import type { Processes } from '../base/processes/processes.ts';
import { kindsOf, trialSetup } from '../commands/trial-setup.ts';
import type { BalancerConfig, BalancerKind } from '../contract/balancer.ts';
import type { ClientLimits, ClientSettings } from '../contract/client-kind.ts';
import type { FaultScript } from '../contract/fault.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { type PolicyChange, referencePolicy } from '../contract/policy.ts';
import type { TargetConfig } from '../contract/target.ts';
import type { TrialIdentity, TrialResult } from '../contract/trial.ts';
import { choosePinning, loopbackAddress } from '../engine/machine.ts';
import { runTrials } from '../engine/run-trial.ts';
import type { TrialParts, TrialProcesses, TrialSetup } from '../engine/trial-parts.ts';
import { fingerprint } from '../model/plan/fingerprint.ts';
import { encodePlan } from '../model/plan/plan-file.ts';
import { partsOf } from '../parts.ts';
import { type EmbeddedConfig, plainTarget } from '../target/plain-target.ts';

/** One intended request. */
export interface PlannedRequest {
  readonly atMs: number;
  /** From 0. */
  readonly client: number;
}

type ForeignConfig = Exclude<TargetConfig, EmbeddedConfig>;

export interface BenchTrial {
  /** Unique in the self-test, fit for a file name. */
  readonly id: string;
  /** Default 1. */
  readonly round?: number;
  /** Position in its round, from 1. Default 1. */
  readonly order?: number;
  readonly plan: LoadPlan;
  /** What is different about the plain embedded target, or another kind's whole configuration. */
  readonly target?: Partial<EmbeddedConfig> | ForeignConfig;
  readonly policy?: PolicyChange;
  /** Default 0: no wire. */
  readonly rttMs?: number;
  /** Default none. */
  readonly via?: BalancerConfig | null;
  readonly limits?: Partial<ClientLimits>;
  /** Default the bench's. */
  readonly clientKind?: string;
  /** Default `policy`. */
  readonly settings?: ClientSettings;
  /** One code per row of the plan. */
  readonly faults?: FaultScript;
  /** Told when its processes are up and the load is about to begin. */
  onLoad?(processes: TrialProcesses): void;
}

/** A trial that the bench ran. */
interface BenchRecord {
  readonly plan: LoadPlan;
  readonly result: TrialResult;
}

export interface Bench {
  readonly balancerKinds: readonly BalancerKind[];
  readonly seed: number;
  /** Whose trials these are, where a trial names no other. */
  readonly clientKind: string;
  /** Every trial so far, in order. */
  readonly trials: readonly BenchRecord[];
  run(trial: BenchTrial): Promise<TrialResult>;
  /** One after the other; what is not measured overlaps, as in a run. */
  runAll(trials: readonly BenchTrial[]): Promise<TrialResult[]>;
}

export interface BenchSetup {
  readonly processes: Processes;
  /** An empty folder; the caller removes it. */
  readonly folder: string;
  readonly seed: number;
  /** Aborting it ends the trial that is running. Default: it is never aborted. */
  readonly signal?: AbortSignal;
  /** Default `lean`. */
  readonly clientKind?: string;
}

export function openBench(setup: BenchSetup): Bench {
  const { processes, folder, seed, signal = new AbortController().signal, clientKind = 'lean' } = setup;
  const parts = partsOf(processes, choosePinning());
  const trials: BenchRecord[] = [];
  let addresses = 0;
  async function runAll(wanted: readonly BenchTrial[]): Promise<TrialResult[]> {
    const setups = wanted.map((trial) =>
      setupOf({ clientKind, ...trial }, parts, folder, seed, loopbackAddress(addresses++)),
    );
    for (const { planFile, plan } of setups) writeFileSync(planFile, encodePlan(plan));
    const results: TrialResult[] = [];
    const onLoad = ({ id }: TrialIdentity, processes: TrialProcesses) =>
      wanted.find((trial) => trial.id === id)?.onLoad?.(processes);
    for await (const result of runTrials(setups, { ...parts, onLoad }, signal)) {
      trials.push({ plan: wanted[results.length].plan, result });
      results.push(result);
    }
    return results;
  }
  return {
    balancerKinds: parts.balancerKinds,
    seed,
    clientKind,
    trials,
    runAll,
    async run(trial) {
      const [result] = await runAll([trial]);
      return result;
    },
  };
}

function setupOf(
  {
    id,
    round = 1,
    plan,
    target = {},
    policy = {},
    rttMs = 0,
    via = null,
    limits = {},
    clientKind,
    settings = 'policy',
    faults,
    order = 1,
  }: BenchTrial & { readonly clientKind: string },
  parts: TrialParts,
  folder: string,
  targetSeed: number,
  host: string,
): TrialSetup {
  const config = isForeign(target) ? target : { ...plainTarget, ...target };
  const identity = {
    id,
    scenarioId: 'selftest',
    strategyId: id,
    strategyLabel: id,
    round,
    attempt: 1,
    order,
    policy: combinePolicies(referencePolicy(config.idleTimeoutMs), [{ label: id, change: policy }]),
    planFingerprint: plan.fingerprint,
  };
  const scenario = {
    target: config,
    via,
    network: { rttMs, upstreamRttMs: 0 },
    client: {
      kind: clientKind,
      settings,
      connectionsPerClientMax: null,
      connectTimeoutMs: 5_000,
      requestTimeoutMs: 10_000,
      ...limits,
    },
  };
  const trial = { identity, plan, faults: faults ?? null, scenario, targetSeed, generators: 1 };
  const file = (kind: string) => join(folder, `${id}.${kind}`);
  const files = { planFile: file('plan'), samplesFile: file('samples'), captureFile: file('pcap') };
  return trialSetup({ ...trial, ...kindsOf(scenario, parts) }, files, host);
}

function isForeign(target: Partial<EmbeddedConfig> | ForeignConfig): target is ForeignConfig {
  return target.kind !== undefined && target.kind !== 'embedded';
}

/** An open-loop plan of one method, by default POSTs, with 64-byte bodies; others have none. @param requests In any order. */
export function planOf(
  requests: readonly PlannedRequest[],
  { warmupMs = 0, endMs, method = 'POST' }: { warmupMs?: number; endMs: number; method?: string },
): LoadPlan {
  const sorted = [...requests].sort((a, b) => a.atMs - b.atMs);
  const plan = {
    loop: 'open' as const,
    round: 1,
    clients: sorted.reduce((most, { client }) => Math.max(most, client + 1), 1),
    warmupNs: warmupMs * 1e6,
    endNs: endMs * 1e6,
    intendedNs: Float64Array.from(sorted, ({ atMs }) => atMs * 1e6),
    client: Uint32Array.from(sorted, ({ client }) => client),
    template: new Uint8Array(sorted.length),
    bodyBytes: new Uint32Array(sorted.length).fill(method === 'POST' ? 64 : 0),
    templates: [{ method, path: '/', headers: {} }],
  };
  return { ...plan, fingerprint: fingerprint(plan) };
}
