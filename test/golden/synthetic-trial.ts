/**
 * A trial that never ran: its samples, ledger, wire log, and resources, computed in virtual time from the load plan, the
 * policy, and a seed. The model is coarse (fixed paths plus noise, one pool per client); it only has to be deterministic
 * and to have every kind of row that the summary reads: races, retries, evictions, timeouts, drops, an unhealthy trial.
 */

import { encodeSamples } from '../../harness/base/columns/samples-file.ts';
import { type Prng, prng } from '../../harness/base/prng.ts';
import type { BalancerReport } from '../../harness/contract/balancer.ts';
import { healthScale } from '../../harness/contract/health.ts';
import type { LoadPlan } from '../../harness/contract/load-plan.ts';
import type { Outcome } from '../../harness/contract/outcome.ts';
import type { ScenarioConfig } from '../../harness/contract/run-config.ts';
import type { CloseCause } from '../../harness/contract/samples.ts';
import type { TrialIdentity, TrialResult } from '../../harness/contract/trial.ts';
import { wireEvents } from '../../harness/contract/wire.ts';
import { trialHealth } from '../../harness/engine/health.ts';
import { ColumnRecorder } from '../../harness/engine/recorder.ts';

const msNs = 1e6;
const startNs = 1e9;

interface Connection {
  readonly row: number;
  idleSinceNs: number;
}

/** @returns The trial, and its samples as the generator's file. */
export function syntheticTrial(
  identity: TrialIdentity,
  plan: LoadPlan,
  scenario: ScenarioConfig,
): { result: TrialResult; samples: Uint8Array } {
  const world = new SyntheticWorld(identity, plan, scenario);
  world.run();
  return world.books();
}

class SyntheticWorld {
  readonly #identity: TrialIdentity;
  readonly #plan: LoadPlan;
  readonly #scenario: ScenarioConfig;
  readonly #random: Prng;
  readonly #recorder: ColumnRecorder;
  readonly #ledger;
  readonly #balancer: BalancerReport;
  readonly #pools: Connection[][];
  readonly #wire: { port: number; event: (typeof wireEvents)[number]; atNs: number }[] = [];
  readonly #idleTimeoutMs: number;
  #atNs = 0;
  #started = 0;
  #connections = 0;

  constructor(identity: TrialIdentity, plan: LoadPlan, scenario: ScenarioConfig) {
    const rows = plan.client.length;
    const times = () => new Float64Array(rows).fill(Number.NaN);
    const counts = () => new Uint8Array(rows);
    this.#identity = identity;
    this.#plan = plan;
    this.#scenario = scenario;
    this.#random = prng('golden', identity.id);
    this.#recorder = new ColumnRecorder(plan, { nowNs: () => startNs + this.#atNs }, startNs);
    this.#ledger = { executions: counts(), answers: counts(), noticedNs: times(), answeredNs: times() };
    this.#balancer = {
      answers: counts(),
      upstreamAttempts: counts(),
      upstreamDeaths: counts(),
      upstreamRetries: counts(),
      ownAnswers: counts(),
      silentCloses: counts(),
    };
    this.#pools = Array.from({ length: plan.clients }, () => []);
    this.#idleTimeoutMs =
      scenario.via?.clientIdleTimeoutMs ?? identity.policy.server.idleTimeoutMs ?? Number.POSITIVE_INFINITY;
  }

  run(): void {
    const { client, intendedNs, loop, endNs } = this.#plan;
    const freeNs = new Float64Array(this.#plan.clients);
    for (let row = 0; row < client.length; row++) {
      const dueNs = loop === 'closed' ? freeNs[client[row]] : intendedNs[row];
      const isDropped = this.#identity.order === 2 && loop === 'open' && this.#random() < 0.004;
      if (isDropped || dueNs > endNs) continue;
      this.#atNs = Math.round(dueNs + this.#noise(0.2));
      this.#recorder.requestStarted(row);
      this.#started++;
      this.#attempt(row, 1);
      freeNs[client[row]] = this.#atNs + 2 * msNs;
    }
  }

  #attempt(row: number, attempt: number): void {
    const { connection: of, retry } = this.#identity.policy;
    const pool = this.#pools[this.#plan.client[row]];
    const idle = attempt === 1 ? this.#takeIdle(pool) : null;
    const connection = idle ?? this.#open(this.#plan.client[row]);
    const ageNs = idle === null ? Number.NaN : this.#atNs - idle.idleSinceNs;
    const sentNs = this.#atNs;
    const halfNs = (this.#scenario.network.rttMs / 2) * msNs;
    const [thereNs, serviceNs, backNs] = [this.#noise(0.6), this.#noise(1.5), this.#noise(0.6)];
    this.#recorder.attemptSent(row, attempt, connection.row, ageNs);
    const dead = this.#deathOf(ageNs, 2 * halfNs + thereNs + backNs);
    const port = portOf(connection);
    if (dead !== null) {
      this.#wire.push({ port, event: 'request-bytes', atNs: startNs + sentNs + halfNs });
      this.#atNs = Math.round(sentNs + (dead === 'timeout' ? 300 * msNs : 2 * halfNs + thereNs + backNs));
      this.#wire.push({ port, event: 'rst-to-client', atNs: startNs + this.#atNs - 1e5 });
      this.#recorder.attemptDied({
        ...{ request: row, attempt, outcome: dead, sign: dead === 'timeout' ? 'timeout' : 'rst' },
        ...{ connection: connection.row, idleAgeNs: ageNs, sentNs, bytesWritten: 180, bytesRead: 0 },
      });
      this.#recorder.connectionClosed(connection.row, dead === 'timeout' ? 'failed' : 'server-race');
      if (dead === 'timeout') this.#ledger.executions[row]++;
      if (attempt < retry.attemptsMax && retry.on.includes(dead)) this.#attempt(row, attempt + 1);
      else this.#recorder.requestDone(row, dead);
      return;
    }
    const noticedNs = Math.round(sentNs + halfNs + thereNs);
    const isOk = this.#serve(row, startNs + noticedNs, startNs + Math.round(noticedNs + serviceNs));
    this.#atNs = Math.round(noticedNs + serviceNs + halfNs + backNs);
    this.#recorder.attemptAnswered(row, isOk ? 200 : 502);
    this.#recorder.requestDone(row, isOk ? 'ok' : 'status');
    if (of.reuse) pool.push({ ...connection, idleSinceNs: this.#atNs });
    else this.#recorder.connectionClosed(connection.row, 'announced');
  }

  /** Behind a balancer, one request in 40 dies on the second hop; a third of those are sent again. */
  #serve(row: number, noticedNs: number, answeredNs: number): boolean {
    const dies = this.#scenario.via !== null && this.#random() < 0.025;
    const isRetried = dies && this.#random() < 1 / 3;
    const { answers, upstreamAttempts, upstreamDeaths, upstreamRetries, ownAnswers } = this.#balancer;
    answers[row]++;
    upstreamAttempts[row] += isRetried ? 2 : 1;
    upstreamDeaths[row] += Number(dies);
    upstreamRetries[row] += Number(isRetried);
    if (dies && !isRetried) {
      ownAnswers[row]++;
      return false;
    }
    this.#ledger.executions[row]++;
    this.#ledger.answers[row]++;
    this.#ledger.noticedNs[row] = noticedNs;
    this.#ledger.answeredNs[row] = answeredNs;
    return true;
  }

  #deathOf(ageNs: number, windowNs: number): Outcome | null {
    if (this.#random() < 0.001) return 'timeout';
    return ageNs + windowNs > this.#idleTimeoutMs * msNs ? 'idle-race' : null;
  }

  /** The connection used last that neither side has closed. */
  #takeIdle(pool: Connection[]): Connection | null {
    const nowNs = this.#atNs;
    const ownMs = this.#identity.policy.connection.idleTimeoutMs ?? Number.POSITIVE_INFINITY;
    const [limitMs, cause]: [number, CloseCause] =
      ownMs < this.#idleTimeoutMs ? [ownMs, 'evicted'] : [this.#idleTimeoutMs, 'server-idle'];
    for (const one of pool.splice(0)) {
      const closesNs = one.idleSinceNs + limitMs * msNs;
      if (closesNs > nowNs) pool.push(one);
      else {
        this.#atNs = closesNs;
        this.#recorder.connectionClosed(one.row, cause);
      }
    }
    this.#atNs = nowNs;
    const at = pool.findLastIndex(({ idleSinceNs }) => idleSinceNs < nowNs);
    return at === -1 ? null : pool.splice(at, 1)[0];
  }

  #open(client: number): Connection {
    const connection = { row: this.#recorder.connectionOpened(client), idleSinceNs: 0 };
    this.#connections++;
    this.#atNs = Math.round(this.#atNs + this.#scenario.network.rttMs * msNs + this.#noise(0.3));
    this.#recorder.connectionConnected(connection.row, portOf(connection));
    this.#wire.push({ port: portOf(connection), event: 'accepted', atNs: startNs + this.#atNs });
    return connection;
  }

  #noise(ms: number): number {
    return ms * (0.5 + this.#random()) * msNs;
  }

  books(): { result: TrialResult; samples: Uint8Array } {
    const [identity, plan, recorder, scenario] = [this.#identity, this.#plan, this.#recorder, this.#scenario];
    const counters = recorder.finish(plan.client.keys(), this.#started, plan.loop === 'closed');
    const { requests, deaths, connections } = recorder;
    const [cpuShare, eventLoopDelayMsP99] = [0.25, 1.5];
    const generator = { startNs, counters, requests, deaths, connections, cpuShare, eventLoopDelayMsP99 };
    const isDisturbed = identity.round === 2 && identity.order === 3;
    const latenessMs = { p50: 0.1, p99: isDisturbed ? 260 : 0.4, max: isDisturbed ? 270 : 2 };
    const sorted = this.#wire.toSorted((a, b) => a.atNs - b.atNs);
    const wire = {
      connections: this.#connections,
      clientPort: Uint16Array.from(sorted, ({ port }) => port),
      event: Uint8Array.from(sorted, ({ event }) => wireEvents.indexOf(event)),
      atNs: Float64Array.from(sorted, ({ atNs }) => atNs),
      latenessMs,
    };
    const target = {
      ledger: this.#ledger,
      connectionsOpenMax: counters.openMax,
      connectionOpenedNs: connections.connectedNs.map((ns) => startNs + ns),
      connectionClosedNs: connections.closedNs.map((ns) => startNs + ns),
      idleTimerLatenessNs: Float64Array.from({ length: 40 }, () => this.#noise(0.5)),
      eventLoopDelayMsP99: 1.25,
    };
    const balancer = scenario.via === null ? null : this.#balancer;
    const cpuMs = 0.2 * this.#started + 0.3 * this.#connections;
    const usageAt = (share: number) => ({
      ...{ cpuUserMs: 50 + 0.7 * cpuMs * share, cpuSystemMs: 20 + 0.3 * cpuMs * share },
      ...{ rssBytes: 60e6 + 1e6 * share, contextSwitches: Math.round(100 + 2_000 * share) },
    });
    const usage = { start: usageAt(0), end: usageAt(1) };
    const machineAt = (atMs: number) => ({
      atMs,
      wallMs: atMs,
      cpuMs: 2 * atMs,
      stealMs: 0,
      targetWaitMs: 0,
    });
    const machine = { start: machineAt(0), end: machineAt((plan.endNs - plan.warmupNs) / msNs) };
    const evidence = { span: { usage, machine, wireCpuShare: 0.1 }, pulses: [], wires: [wire] };
    const { rttMs, upstreamRttMs } = scenario.network;
    const scale = healthScale({ rttMs, upstreamRttMs }, balancer !== null, scenario.client.requestTimeoutMs);
    const health = trialHealth(plan, generator, { target, balancer, capture: null }, evidence, scale);
    const resources = resourcesOf(plan, cpuMs, counters.openMax);
    const result = { identity, generator, target, wire, balancer, capture: null, resources, usage, health };
    return { result, samples: encodeSamples(generator) };
  }
}

function portOf({ row }: Connection): number {
  return 20_000 + row;
}

function resourcesOf(plan: LoadPlan, cpuMs: number, openMax: number): TrialResult['resources'] {
  const length = 11;
  const column = (of: (share: number) => number) =>
    Float64Array.from({ length }, (_, index) => of(index / (length - 1)));
  return {
    atNs: column((share) => startNs + share * plan.endNs),
    cpuMs: column((share) => 50 + cpuMs * share),
    rssBytes: column((share) => 60e6 + 2e6 * share),
    fds: column((share) => 20 + Math.round(openMax * Math.min(1, 3 * share))),
    timeWait: column((share) => (share < 1 ? Number.NaN : 17)),
    socketMemoryBytes: column((share) => 4_096 * (10 + Math.round(40 * share))),
    tcpProbesSent: column(() => 3),
  };
}
