/**
 * Stops each process of a trial by SIGSTOP for a known time while requests are under way. The strategy
 * did not cause what the trial then measures, so the health gate must leave the trial out and name the
 * stopped part. The gate must not miss a short stop either: that trial counts, with a reading past the limit
 * of a warning.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../base/errors.ts';
import { nowNs } from '../base/time/clock.ts';
import { nsPerMs } from '../base/units.ts';
import type { BalancerConfig } from '../contract/balancer.ts';
import type { HealthPart } from '../engine/stall-figures.ts';
import type { TrialProcesses } from '../engine/trial-parts.ts';
import { type Bench, type BenchTrial, type PlannedRequest, planOf } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { conclude } from './conclude.ts';
import { judgeStops, type Stop, stallScale } from './judge-stops.ts';

/** For each part alone, ms. */
const aloneMs = [300, 1_300];
/** For all parts at once, as when the machine is suspended, ms. */
const togetherMs = 5_000;
/** Too short to matter, for one part after the other, ms. */
const shortMs = 50;

const warmupMs = 200;
const periodMs = 10;
const clients = 8;
/** From the beginning of the load to the first stop, and from the last one's end to the end, ms. */
const calmMs = { before: 350, between: 100, after: 150 };

/** The check uses the first one that is installed. */
const balancers: readonly BalancerConfig[] = [
  {
    kind: 'nginx',
    clientIdleTimeoutMs: 75_000,
    upstreamIdleTimeoutMs: 60_000,
    upstreamConnectionsMax: 512,
    upstreamRequestsMax: 1_000_000,
    nextUpstream: [],
  },
  {
    kind: 'haproxy',
    clientIdleTimeoutMs: 75_000,
    httpReuse: 'safe',
    retryOn: [],
    retriesMax: 0,
    upstreamConnectionsMax: 512,
    poolPurgeDelayMs: 60_000,
  },
];

export const checkStops: Check = {
  id: 'stops',
  title: 'Stopping a part of the harness voids the trial, and the reason names the part',
  lastsMs: 20_000,
  async run(bench: Bench): Promise<CheckResult> {
    if (process.platform === 'win32') {
      return conclude([], 'Skipped: this OS cannot stop a process.');
    }
    const via = await installedBalancer(bench);
    const parts: readonly HealthPart[] = [
      'generator',
      'wire',
      'target',
      ...(via === null ? [] : ['balancer' as const]),
    ];
    const planned = [
      ...parts.flatMap((part) => aloneMs.map((ms) => [{ parts: [part], ms }])),
      [{ parts, ms: togetherMs }],
      parts.map((part) => ({ parts: [part], ms: shortMs })),
    ];
    const trials = planned.map((stops, index) => stopTrial(`stops-${index + 1}`, stops, via));
    const results = await bench.runAll(trials.map(({ trial }) => trial));
    const verdicts = trials.flatMap(({ stops }, index) => judgeStops(stops, results[index]));
    const without =
      via === null ? ' The balancer was skipped, because neither nginx nor HAProxy is installed.' : '';
    return conclude(
      verdicts,
      `${planned.length - 1} trials with stops of ${[...aloneMs, togetherMs].map((ms) => `${ms / 1_000} s`).join(', ')} were left out, and their reasons name ${parts.join(', ')}. Stops of ${shortMs} ms gave a warning.${without}`,
    );
  },
};

/** Its stalls are read below /proc. null: there is none, or none is installed. */
async function installedBalancer({ balancerKinds }: Bench): Promise<BalancerConfig | null> {
  if (process.platform !== 'linux') return null;
  for (const config of balancers) {
    try {
      await balancerKinds.find(({ id }) => id === config.kind)?.prepare?.();
      return config;
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
    }
  }
  return null;
}

interface PlannedStop {
  readonly parts: readonly HealthPart[];
  readonly ms: number;
}

/** @returns The trial, and what will have been done to it once it has run. */
function stopTrial(
  id: string,
  planned: readonly PlannedStop[],
  via: BalancerConfig | null,
): { trial: BenchTrial; stops: readonly Stop[] } {
  const stoppedMs = planned.reduce((sum, { ms }) => sum + ms, 0);
  const { before, between, after } = calmMs;
  const endMs = before + stoppedMs + (planned.length - 1) * between + after;
  const requests: PlannedRequest[] = [];
  for (let index = 0; index * periodMs < endMs; index++) {
    requests.push({ atMs: index * periodMs, client: index % clients });
  }
  const stops: Stop[] = [];
  const trial: BenchTrial = {
    id,
    plan: planOf(requests, { warmupMs, endMs }),
    rttMs: stallScale.rttMs,
    via,
    limits: { requestTimeoutMs: stallScale.requestTimeoutMs },
    onLoad: (processes) => void carryOut(planned, processes, stops),
  };
  return { trial, stops };
}

async function carryOut(
  planned: readonly PlannedStop[],
  processes: TrialProcesses,
  stops: Stop[],
): Promise<void> {
  await sleep(calmMs.before);
  for (const { parts, ms } of planned) {
    const pids = parts.flatMap((part) => pidsOf(part, processes));
    const fromNs = nowNs();
    signalAll(pids, 'SIGSTOP');
    await sleep(ms);
    signalAll(pids, 'SIGCONT');
    stops.push({ parts, stoppedMs: (nowNs() - fromNs) / nsPerMs });
    await sleep(calmMs.between);
  }
}

function pidsOf(part: HealthPart, { generators, wires, target, balancer: pid }: TrialProcesses) {
  const all = { generator: generators, wire: wires, target: [target], balancer: [pid] };
  return all[part].filter((one) => one !== null);
}

function signalAll(pids: readonly number[], signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended, because the self-test is ending.
    }
  }
}
