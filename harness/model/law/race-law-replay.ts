/**
 * One replay of a load plan under the race law: who takes which connection when, and which of them
 * is already closing. Discrete events, one simulated client after the other, since clients share
 * nothing; drawn from the measured lags with the given random numbers.
 *
 * It replays the law, not the machine: requests leave when the pacer let them go, lags are drawn
 * independently of each other and of the load, nothing but the idle race ever fails. A fresh
 * connection costs one round trip and cannot race.
 */

import type { Prng } from '../../base/prng.ts';
import { nsPerMs } from '../../base/units.ts';
import type { LoadPlan } from '../../contract/load-plan.ts';
import type { Policy } from '../../contract/policy.ts';
import { EventQueue, Line } from './race-law-queue.ts';
import { rowsByClient, sendingTimes } from './race-law-rows.ts';

/** Measured lags, ns; an empty one stands for the undelayed value named with it. */
export interface LagSamples {
  /** Client wrote → server noticed, on reused connections: R/2 + λs. Empty: R/2. */
  readonly requestPathNs: Float64Array;
  /** Server answered → client read: R/2 + λc'. Empty: R/2. */
  readonly responsePathNs: Float64Array;
  /** Server closed → client noticed: R/2 + λc''. Empty: R/2. */
  readonly closePathNs: Float64Array;
  /** Server noticed → answered. Empty: 0. */
  readonly serviceNs: Float64Array;
  /** How late the server's idle timer fires, δs. Empty: 0. */
  readonly timerLatenessNs: Float64Array;
}

export interface ReplaySetup {
  readonly plan: LoadPlan;
  /** When each request was let go, by row; NaN, or null for all: when it was intended. */
  readonly startedNs: Float64Array | null;
  readonly policy: Policy;
  readonly rttMs: number;
  readonly lags: LagSamples;
  readonly connectionsPerClientMax: number | null;
  /** What the server's `Keep-Alive: timeout` hint says, ms; null: it sends none. */
  readonly advertisedTimeoutMs: number | null;
  /** Each idle wait's timeout is longer by 0 to this, uniformly. */
  readonly idleJitterMs: number;
}

/** Over the measured time, by intended time. */
export interface ReplayCount {
  readonly started: number;
  /** First attempts that died of the race. */
  readonly races: number;
  /** First attempts that went out on a fresh connection. */
  readonly fresh: number;
}

/** What a slot's event stands for when its time comes. */
const answered = 0; // its response has been read: the connection is idle
const died = 1; // the client notices that its connection is gone
const retry = 2; // the wait before another attempt is over

/**
 * A slot is a connection, idle or under way, or a request that has none for the moment (waiting in
 * line or before a retry). Each request opens at most one connection, so twice its client's
 * requests are slots enough.
 */
export class RaceReplay {
  // Everything that the loop reads is a field here: the objects that it comes from have many shapes, which cost the
  // compiler its assumptions in the middle of a long summary.
  readonly #random: Prng;
  readonly #lags: LagSamples;
  readonly #intendedNs: Float64Array;
  readonly #warmupNs: number;
  readonly #retry: Policy['retry'];
  readonly #lifo: boolean;
  readonly #template: LoadPlan['template'];
  readonly #idleTimeoutNs: number;
  readonly #idleJitterNs: number;
  readonly #evictNs: number;
  readonly #ageMaxNs: number;
  readonly #requestsMax: number;
  readonly #connectionsMax: number;
  readonly #rttNs: number;
  readonly #sendsNs: Float64Array;
  readonly #rowsByClient: Uint32Array;
  readonly #firstOfClient: Uint32Array;
  readonly #mayRetry: readonly boolean[];

  readonly #events: EventQueue;
  readonly #idle: Line;
  readonly #waiting: Line;
  readonly #free: Line;
  readonly #stage: Uint8Array;
  readonly #row: Uint32Array;
  readonly #attempt: Uint8Array;
  readonly #uses: Uint32Array;
  readonly #openedNs: Float64Array;
  readonly #readNs: Float64Array;
  readonly #closesNs: Float64Array;
  readonly #noticedNs: Float64Array;
  #underWay = 0;
  #started = 0;
  #races = 0;
  #fresh = 0;

  constructor(setup: ReplaySetup, random: Prng) {
    const { plan, policy } = setup;
    const { connection, retry: again } = policy;
    this.#random = random;
    const { requestPathNs, responsePathNs, closePathNs, serviceNs, timerLatenessNs } = setup.lags;
    this.#lags = { requestPathNs, responsePathNs, closePathNs, serviceNs, timerLatenessNs };
    this.#intendedNs = plan.intendedNs;
    this.#warmupNs = plan.warmupNs;
    this.#template = plan.template;
    this.#retry = again;
    this.#lifo = connection.pick === 'lifo';
    this.#rttNs = setup.rttMs * nsPerMs;
    this.#idleTimeoutNs = (policy.server.idleTimeoutMs ?? Number.POSITIVE_INFINITY) * nsPerMs;
    this.#idleJitterNs = setup.idleJitterMs * nsPerMs;
    this.#evictNs = evictionAgeMs(setup) * nsPerMs;
    this.#ageMaxNs = (connection.ageMaxMs ?? Number.POSITIVE_INFINITY) * nsPerMs;
    this.#requestsMax = connection.reuse ? (connection.requestsMax ?? Number.POSITIVE_INFINITY) : 1;
    this.#connectionsMax = setup.connectionsPerClientMax ?? Number.POSITIVE_INFINITY;
    this.#mayRetry = plan.templates.map(
      ({ method }) => again.on.includes('idle-race') && (again.methods?.includes(method) ?? true),
    );
    this.#sendsNs = sendingTimes(plan, setup.startedNs);
    const { rows, firstOf, mostRows } = rowsByClient(plan, this.#sendsNs);
    this.#rowsByClient = rows;
    this.#firstOfClient = firstOf;
    const slots = 2 * mostRows;
    this.#events = new EventQueue(slots);
    this.#idle = new Line(slots);
    this.#waiting = new Line(slots);
    this.#free = new Line(slots);
    this.#stage = new Uint8Array(slots);
    this.#row = new Uint32Array(slots);
    this.#attempt = new Uint8Array(slots);
    this.#uses = new Uint32Array(slots);
    this.#openedNs = new Float64Array(slots);
    this.#readNs = new Float64Array(slots);
    this.#closesNs = new Float64Array(slots);
    this.#noticedNs = new Float64Array(slots);
  }

  run(): ReplayCount {
    this.#started = 0;
    this.#races = 0;
    this.#fresh = 0;
    for (let client = 0; client < this.#firstOfClient.length - 1; client++) this.#runClient(client);
    return { started: this.#started, races: this.#races, fresh: this.#fresh };
  }

  #runClient(client: number): void {
    const first = this.#firstOfClient[client];
    const end = this.#firstOfClient[client + 1];
    this.#reset(2 * (end - first));
    for (let index = first; index < end; index++) {
      const row = this.#rowsByClient[index];
      const nowNs = this.#sendsNs[row];
      this.#advanceTo(nowNs);
      if (this.#intendedNs[row] >= this.#warmupNs) this.#started++;
      const slot = this.#free.takeBack();
      this.#row[slot] = row;
      this.#attempt[slot] = 1;
      this.#attemptAt(nowNs, slot);
    }
    // Requests still in line are attempted too: their fate is part of the plan's.
    this.#advanceTo(Number.MAX_VALUE);
  }

  #reset(slots: number): void {
    this.#events.clear();
    this.#idle.clear();
    this.#waiting.clear();
    this.#free.clear();
    this.#underWay = 0;
    for (let slot = slots - 1; slot >= 0; slot--) this.#free.add(slot);
  }

  #advanceTo(untilNs: number): void {
    while (this.#events.nextNs() <= untilNs) {
      const nowNs = this.#events.nextNs();
      const slot = this.#events.take();
      if (this.#stage[slot] === answered) this.#afterAnswer(nowNs, slot);
      else if (this.#stage[slot] === died) this.#afterDeath(nowNs, slot);
      else this.#attemptAt(nowNs, slot);
    }
  }

  /** The request in `slot` takes a connection: an idle one, a fresh one, or its place in line. */
  #attemptAt(nowNs: number, slot: number): void {
    const freshOnly = this.#attempt[slot] > 1 && this.#retry.connection === 'fresh';
    const idle = freshOnly ? -1 : this.#takeIdle(nowNs);
    if (idle >= 0) {
      this.#row[idle] = this.#row[slot];
      this.#attempt[idle] = this.#attempt[slot];
      this.#free.add(slot);
      this.#underWay++;
      this.#sendOn(nowNs, idle);
    } else if (this.#underWay + (freshOnly ? this.#idle.size : 0) < this.#connectionsMax) {
      this.#openFresh(nowNs, slot);
    } else if (this.#idle.size > 0) {
      // Only a fresh connection will do and the limit is reached: an idle one makes room.
      this.#free.add(this.#idle.takeFront());
      this.#openFresh(nowNs, slot);
    } else this.#waiting.add(slot);
  }

  /** An idle connection that the client believes in, or -1; those it does not are closed on the way. */
  #takeIdle(nowNs: number): number {
    const lifo = this.#lifo;
    while (this.#idle.size > 0) {
      const slot = lifo ? this.#idle.takeBack() : this.#idle.takeFront();
      const alive =
        nowNs < this.#noticedNs[slot] &&
        nowNs - this.#readNs[slot] < this.#evictNs &&
        nowNs - this.#openedNs[slot] < this.#ageMaxNs;
      if (alive) return slot;
      this.#free.add(slot);
    }
    return -1;
  }

  #openFresh(nowNs: number, slot: number): void {
    this.#underWay++;
    this.#uses[slot] = 0;
    this.#openedNs[slot] = nowNs;
    // The server arms its idle timer with its first response.
    this.#closesNs[slot] = Number.POSITIVE_INFINITY;
    if (this.#attempt[slot] === 1 && this.#isMeasured(slot)) this.#fresh++;
    this.#sendOn(nowNs + this.#rttNs, slot);
  }

  #sendOn(nowNs: number, slot: number): void {
    const lags = this.#lags;
    const pathNs = this.#rttNs / 2;
    this.#uses[slot]++;
    const arrivesNs = nowNs + this.#draw(lags.requestPathNs, pathNs);
    if (arrivesNs > this.#closesNs[slot]) {
      // The race. The FIN is on its way, and tells the client when it arrives.
      if (this.#attempt[slot] === 1 && this.#isMeasured(slot)) this.#races++;
      this.#stage[slot] = died;
      this.#events.add(this.#noticedNs[slot], slot);
      return;
    }
    const answeredNs = arrivesNs + this.#draw(lags.serviceNs, 0);
    const readNs = answeredNs + this.#draw(lags.responsePathNs, pathNs);
    this.#readNs[slot] = readNs;
    const jitterNs = this.#idleJitterNs === 0 ? 0 : this.#idleJitterNs * this.#random();
    this.#closesNs[slot] = answeredNs + this.#idleTimeoutNs + jitterNs + this.#draw(lags.timerLatenessNs, 0);
    this.#noticedNs[slot] = this.#closesNs[slot] + this.#draw(lags.closePathNs, pathNs);
    this.#stage[slot] = answered;
    this.#events.add(readNs, slot);
  }

  #afterAnswer(nowNs: number, slot: number): void {
    this.#underWay--;
    const usable = this.#uses[slot] < this.#requestsMax && nowNs - this.#openedNs[slot] < this.#ageMaxNs;
    if (usable) this.#idle.add(slot);
    else this.#free.add(slot);
    this.#serveLine(nowNs);
  }

  #afterDeath(nowNs: number, slot: number): void {
    const again = this.#retry;
    const attempt = this.#attempt[slot];
    this.#underWay--;
    if (attempt < again.attemptsMax && this.#mayRetry[this.#template[this.#row[slot]]]) {
      this.#attempt[slot] = attempt + 1;
      this.#stage[slot] = retry;
      this.#events.add(nowNs + again.backoffMs * 2 ** (attempt - 1) * nsPerMs, slot);
    } else this.#free.add(slot);
    this.#serveLine(nowNs);
  }

  #serveLine(nowNs: number): void {
    if (this.#waiting.size > 0) this.#attemptAt(nowNs, this.#waiting.takeFront());
  }

  #isMeasured(slot: number): boolean {
    return this.#intendedNs[this.#row[slot]] >= this.#warmupNs;
  }

  #draw(samples: Float64Array, whenEmpty: number): number {
    return samples.length === 0 ? whenEmpty : samples[Math.floor(this.#random() * samples.length)];
  }
}

/** Idle age from which the client drops a connection; a sweep (`timer`) is taken to be punctual. */
export function evictionAgeMs({
  policy: { connection },
  advertisedTimeoutMs,
}: Pick<ReplaySetup, 'policy' | 'advertisedTimeoutMs'>): number {
  const own = connection.idleTimeoutMs ?? Number.POSITIVE_INFINITY;
  if (connection.hintMarginMs === null || advertisedTimeoutMs === null) return own;
  return Math.min(own, advertisedTimeoutMs - connection.hintMarginMs);
}
