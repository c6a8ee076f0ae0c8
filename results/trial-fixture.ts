/** Trials made by hand, request by request, and the record of their run, for tests. Not a test itself, and never imported by code. */
import { nsPerMs } from '../harness/base/clock.ts';
import { noReadings } from '../harness/contract/health.ts';
import { type Outcome, outcomeCode } from '../harness/contract/outcome.ts';
import { type Policy, referencePolicy } from '../harness/contract/policy.ts';
import { type RunConfig, type ScenarioConfig, worthwhileDefaults } from '../harness/contract/run-config.ts';
import { type CloseCause, closeCauses } from '../harness/contract/samples.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import type { RunRecord } from './store.ts';

export interface RequestTraits {
  /** Left out: at once, at 0. */
  readonly startedMs?: number;
  readonly doneMs?: number;
  readonly outcome?: Outcome;
  readonly connection?: number;
  /** Left out: on a fresh connection. */
  readonly idleAgeMs?: number;
  /** From the client's write to the server's notice, and back; the service takes no time. */
  readonly requestPathMs?: number;
}

interface ConnectionTraits {
  readonly closedMs?: number;
  readonly cause?: CloseCause;
}

export interface TrialTraits {
  readonly round?: number;
  readonly policy?: Policy;
  readonly requests: readonly RequestTraits[];
  readonly connections?: readonly ConnectionTraits[];
  readonly healthy?: boolean;
}

export function trialOf(traits: TrialTraits): TrialResult {
  const { round = 1, policy = referencePolicy(500), requests, connections = [], healthy = true } = traits;
  const ns = (of: (request: RequestTraits) => number) =>
    Float64Array.from(requests, (request) => of(request) * nsPerMs);
  const bytes = (of: (request: RequestTraits) => number) => Uint8Array.from(requests, of);
  const startedNs = ns(({ startedMs }) => startedMs ?? 0);
  const isOk = ({ outcome }: RequestTraits) => outcome === undefined || outcome === 'ok';
  const noticedNs = ns(({ startedMs, requestPathMs }) => (startedMs ?? 0) + (requestPathMs ?? Number.NaN));
  const races = requests.flatMap(({ outcome }, row) => (outcome === 'idle-race' ? [row] : []));
  const ofDeath = (of: (row: number) => number) => races.map(of);
  return {
    identity: {
      id: `main.reuse.r${round}`,
      scenarioId: 'main',
      strategyId: 'reuse',
      strategyLabel: 'reuse',
      round,
      order: 1,
      attempt: 1,
      policy,
      planFingerprint: 'f00d',
    },
    generator: {
      startNs: 0,
      counters: { attempts: 0, started: 0, dropped: 0, answered: 0, openMax: 1 },
      requests: {
        startedNs,
        sentNs: startedNs,
        lastSentNs: startedNs,
        doneNs: ns(({ startedMs, doneMs }) => doneMs ?? startedMs ?? 0),
        outcome: bytes(({ outcome }) => outcomeCode[outcome ?? 'ok']),
        attempts: bytes(() => 1),
        status: Uint16Array.from(requests, (request) => (isOk(request) ? 200 : 0)),
        connection: Uint32Array.from(requests, ({ connection }) => connection ?? 0),
        reused: bytes(({ idleAgeMs }) => Number(idleAgeMs !== undefined)),
        idleAgeNs: ns(({ idleAgeMs }) => idleAgeMs ?? Number.NaN),
      },
      deaths: {
        request: Uint32Array.from(races),
        attempt: Uint8Array.from(ofDeath(() => 1)),
        outcome: Uint8Array.from(ofDeath(() => outcomeCode['idle-race'])),
        sign: Uint8Array.from(ofDeath(() => 0)),
        connection: Uint32Array.from(ofDeath(() => 0)),
        reused: Uint8Array.from(ofDeath(() => 1)),
        idleAgeNs: Float64Array.from(ofDeath((row) => (requests[row].idleAgeMs ?? 0) * nsPerMs)),
        sentNs: Float64Array.from(ofDeath((row) => startedNs[row])),
        diedNs: Float64Array.from(ofDeath((row) => startedNs[row])),
        bytesWritten: Uint32Array.from(ofDeath(() => 1)),
        bytesRead: Uint32Array.from(ofDeath(() => 0)),
      },
      connections: {
        client: new Uint32Array(connections.length),
        localPort: new Uint16Array(connections.length),
        openedNs: new Float64Array(connections.length),
        connectedNs: new Float64Array(connections.length),
        closedNs: Float64Array.from(connections, ({ closedMs }) => (closedMs ?? Number.NaN) * nsPerMs),
        requests: new Uint32Array(connections.length),
        cause: Uint8Array.from(connections, ({ cause }) => closeCauses.indexOf(cause ?? 'open')),
      },
      cpuShare: 0.1,
      eventLoopDelayMsP99: 1,
    },
    target: {
      ledger: {
        executions: bytes((request) => Number(isOk(request))),
        answers: bytes((request) => Number(isOk(request))),
        noticedNs,
        answeredNs: noticedNs,
      },
      connectionsOpenMax: null,
      connectionOpenedNs: null,
      connectionClosedNs: null,
      idleTimerLatenessNs: new Float64Array(0),
      eventLoopDelayMsP99: null,
    },
    wire: null,
    balancer: null,
    capture: null,
    resources: null,
    usage: null,
    health: { ok: healthy, reasons: [], laws: [], readings: noReadings },
  };
}

export const scenarioFixture: ScenarioConfig = {
  id: 'main',
  axes: {},
  target: {
    kind: 'url',
    url: 'http://127.0.0.1',
    idleTimeoutMs: 500,
    insecure: false,
    pid: null,
    metricsUrl: null,
  },
  via: null,
  network: { rttMs: 10, upstreamRttMs: 0 },
  traffic: { kind: 'think-time', clients: 1, gapMs: { kind: 'uniform', min: 450, max: 550 } },
  requests: [],
  client: {
    kind: 'lean',
    settings: 'policy',
    connectionsPerClientMax: null,
    connectTimeoutMs: 1,
    requestTimeoutMs: 1,
  },
  lagAllowance: { serverLagMs: 50, clientLagMs: 50 },
};

/** A run of these scenarios; its strategies are `reuse`, the reference, and the others named. */
export function recordOf(change: Partial<RunConfig>, ...others: readonly string[]): RunRecord {
  const { rounds = 3 } = change;
  return {
    id: 'run',
    startedAt: '2026-01-01T00:00:00.000Z',
    ended: null,
    config: {
      name: 'test',
      seed: 1,
      rounds,
      until: null,
      repeatUnhealthyMax: 0,
      worthwhile: worthwhileDefaults,
      generators: 1,
      warmupMs: 500,
      durationMs: 1_500,
      strategies: [],
      reference: 'reuse',
      scenarios: [scenarioFixture],
      allowHosts: [],
      ...change,
    },
    environment: {
      os: 'Linux',
      kernel: 'Linux 6',
      cpuModel: 'x',
      cpus: 2,
      memoryBytes: 1,
      node: 'v24',
      idlerace: '0',
      loadAverage: 0,
      pinning: null,
    },
    planFingerprints: Object.fromEntries(
      Array.from({ length: rounds }, (_, round) => [`main.r${round + 1}`, 'f00d']),
    ),
    trials: [],
    strategies: ['reuse', ...others].map((id) => ({ id, label: id, title: id })),
  };
}
