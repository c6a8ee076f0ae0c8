/**
 * The lean client: our own HTTP/1.1 client, the default, because it is the only one that can say
 * why an attempt died. All simulated clients of a process are one fleet; each has a pool of its own.
 *
 * The fleet takes a request, gives it a connection, and tells the recorder what became of it. Its
 * timeouts and its idle sweep are one timer for everybody: queues are in time order, so a sweep
 * looks at their heads only.
 */

import { HeadMemo } from '../base/http1/head-memo.ts';
import { nsPerMs, nsPerSecond } from '../base/units.ts';
import type { ClientFleet, ClientSetup, InProcessClient } from '../contract/client-kind.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { CloseCause, DeathSign } from '../contract/samples.ts';
import { everyKnob } from './carries-shared.ts';
import {
  type ConnectionOwner,
  type ConnectionSetup,
  causeOfDeath,
  LeanConnection,
} from './lean-connection.ts';
import { Pool } from './pool.ts';
import { RequestBytes } from './request-bytes.ts';
import { decideRetry } from './retry.ts';

export const lean: InProcessClient = {
  id: 'lean',
  title: 'Lean client',
  summary: 'Our HTTP/1.1 client: carries out every knob, and records every FIN and RST. The default.',
  carries: everyKnob,
  open: (setup) => new LeanFleet(setup),
};

const sweepMs = 10;
/** As much as libuv reads at once. */
const readBytesMax = 65_536;

// What a request of the plan is doing; 0: not started.
const underWay = 1;
const over = 2;

class LeanFleet implements ClientFleet, ConnectionOwner {
  readonly #setup: ClientSetup;
  readonly #bytes: RequestBytes;
  readonly #pools: readonly Pool[];
  readonly #state: Uint8Array;
  /** Row of the connection that carries the request now, in `#connections`; -1: waiting. */
  readonly #carriers: Int32Array;
  readonly #connections = new Map<number, LeanConnection>();
  /** In the order of their start, with the moment; `#timeoutHead` is the oldest that may be under way. */
  readonly #started: Uint32Array;
  readonly #startedNs: Float64Array;
  #startedCount = 0;
  #timeoutHead = 0;
  readonly #connecting: Set<LeanConnection> = new Set();
  #openSockets = 0;
  #closing = false;
  #onAllReleased: () => void = () => {};
  readonly #sweeper: NodeJS.Timeout;
  readonly #shared: ConnectionSetup;

  constructor(setup: ClientSetup) {
    this.#setup = setup;
    const { plan, policy, endpoint } = setup;
    this.#bytes = new RequestBytes(plan, policy, endpoint.authority, `${plan.fingerprint}-${process.pid}`);
    this.#pools = Array.from(
      { length: plan.clients },
      () => new Pool(policy.connection, (connection, cause) => this.#closeIdle(connection, cause)),
    );
    this.#shared = {
      endpoint,
      tcpKeepAliveMs: policy.connection.tcpKeepAliveMs,
      readBuffer: Buffer.allocUnsafe(readBytesMax),
      headMemo: new HeadMemo(),
    };
    const rows = plan.client.length;
    this.#state = new Uint8Array(rows);
    this.#carriers = new Int32Array(rows).fill(-1);
    this.#started = new Uint32Array(rows);
    this.#startedNs = new Float64Array(rows);
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs);
  }

  start(request: number): void {
    this.#state[request] = underWay;
    const nowNs = this.#setup.recorder.nowNs();
    this.#started[this.#startedCount] = request;
    this.#startedNs[this.#startedCount++] = nowNs;
    this.#dispatch(request, 1, false, nowNs);
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#sweeper);
    for (let index = this.#timeoutHead; index < this.#startedCount; index++) {
      const request = this.#started[index];
      if (this.#state[request] === underWay) this.#giveUp(request, 'aborted');
    }
    const released = new Promise<void>((resolve) => {
      this.#onAllReleased = resolve;
    });
    for (const pool of this.#pools) {
      for (const connection of pool.idle.splice(0)) this.#closeIdle(connection, 'open');
    }
    if (this.#openSockets > 0) await released;
  }

  /** Gives the attempt an idle connection, a new one, or a place in line. */
  #dispatch(request: number, attempt: number, fresh: boolean, nowNs = this.#setup.recorder.nowNs()): void {
    const { plan, policy, limits } = this.#setup;
    const pool = this.#pools[plan.client[request]];
    const idleOne = fresh || !policy.connection.reuse ? null : pool.take(nowNs);
    if (idleOne !== null) {
      this.#send(idleOne, request, attempt);
      return;
    }
    const { connectionsPerClientMax } = limits;
    if (connectionsPerClientMax === null || pool.open < connectionsPerClientMax) {
      this.#send(this.#connect(plan.client[request], pool), request, attempt);
    } else if (pool.idle.length > 0) {
      // A fresh one is wanted and the limit is reached: an idle one makes room.
      this.#closeIdle(pool.idle.splice(0, 1)[0], 'limit');
      this.#send(this.#connect(plan.client[request], pool), request, attempt);
    } else {
      pool.line.push({ request, attempt, fresh });
    }
  }

  #connect(client: number, pool: Pool): LeanConnection {
    const { recorder, policy } = this.#setup;
    const identity = { client, row: recorder.connectionOpened(client), openedNs: recorder.nowNs() };
    const connection = new LeanConnection(this, this.#shared, identity);
    const { idleTimeoutMs } = policy.connection;
    if (idleTimeoutMs !== null) connection.idleTimeoutNs = idleTimeoutMs * nsPerMs;
    pool.open++;
    this.#openSockets++;
    this.#connections.set(connection.row, connection);
    this.#connecting.add(connection);
    return connection;
  }

  #send(connection: LeanConnection, request: number, attempt: number): void {
    const { recorder, policy } = this.#setup;
    const { reuse, requestsMax } = policy.connection;
    connection.isLast = !reuse || (requestsMax !== null && connection.uses + 1 >= requestsMax);
    const sentNs = recorder.nowNs();
    const idleAgeNs = sentNs - connection.idleSinceNs;
    this.#carriers[request] = connection.row;
    recorder.attemptSent(request, attempt, connection.row, idleAgeNs, sentNs);
    connection.begin(request, attempt, idleAgeNs, sentNs, this.#bytes.method(request) === 'HEAD');
    connection.attemptBytes = this.#bytes.write(connection.socket, request, connection.isLast);
  }

  connected(connection: LeanConnection): void {
    this.#connecting.delete(connection);
    this.#setup.recorder.connectionConnected(connection.row, connection.socket.localPort ?? 0);
  }

  answered(connection: LeanConnection): void {
    const { recorder, policy } = this.#setup;
    const { request, parser } = connection;
    recorder.attemptAnswered(request, parser.status);
    connection.request = -1;
    this.#carriers[request] = -1;
    const doneNs = recorder.nowNs();
    connection.idleSinceNs = doneNs;
    const { hintMarginMs } = policy.connection;
    if (hintMarginMs !== null && parser.hintSeconds !== null) {
      connection.idleTimeoutNs = Math.max(0, parser.hintSeconds * nsPerSecond - hintMarginMs * nsPerMs);
    }
    const pool = this.#pools[connection.client];
    if (!parser.keepAlive) this.#closeBusy(connection, pool, 'announced');
    else if (parser.surplusBytes > 0) this.#closeBusy(connection, pool, 'failed');
    else if (connection.isLast)
      this.#closeBusy(connection, pool, policy.connection.reuse ? 'limit' : 'announced');
    else pool.give(connection);
    this.#finish(request, parser.status >= 400 ? 'status' : 'ok', doneNs);
    this.#serveLine(pool);
  }

  died(connection: LeanConnection, outcome: Outcome, sign: DeathSign): void {
    const pool = this.#pools[connection.client];
    const { request } = connection;
    this.#tellDeath(connection, outcome, sign);
    this.#forget(connection, pool, causeOfDeath(outcome));
    const { plan, policy } = this.#setup;
    const method = plan.templates[plan.template[request]].method;
    const decision = decideRetry(policy.retry, method, connection.attempt, outcome);
    const next = connection.attempt + 1;
    if (!decision.again || this.#closing) this.#finish(request, outcome);
    else if (decision.waitMs === 0) this.#dispatch(request, next, decision.fresh);
    else {
      setTimeout(() => {
        if (this.#state[request] === underWay) this.#dispatch(request, next, decision.fresh);
      }, decision.waitMs);
    }
    this.#serveLine(pool);
  }

  endedIdle(connection: LeanConnection): void {
    const pool = this.#pools[connection.client];
    pool.drop(connection);
    this.#forget(connection, pool, 'server-idle');
  }

  released(): void {
    this.#openSockets--;
    if (this.#openSockets === 0) this.#onAllReleased();
  }

  #serveLine(pool: Pool): void {
    while (pool.line.length > 0) {
      const { connectionsPerClientMax } = this.#setup.limits;
      const room = connectionsPerClientMax === null || pool.open < connectionsPerClientMax;
      if (!room && pool.idle.length === 0) return;
      const next = pool.line.shift();
      // Timed out while it waited.
      if (next === undefined || this.#state[next.request] !== underWay) continue;
      this.#dispatch(next.request, next.attempt, next.fresh);
    }
  }

  #closeIdle(connection: LeanConnection, cause: CloseCause): void {
    connection.close();
    this.#forget(connection, this.#pools[connection.client], cause);
  }

  #closeBusy(connection: LeanConnection, pool: Pool, cause: CloseCause): void {
    connection.close();
    this.#forget(connection, pool, cause);
  }

  #forget(connection: LeanConnection, pool: Pool, cause: CloseCause): void {
    pool.open--;
    this.#connecting.delete(connection);
    this.#connections.delete(connection.row);
    this.#setup.recorder.connectionClosed(connection.row, cause);
  }

  #tellDeath(connection: LeanConnection, outcome: Outcome, sign: DeathSign): void {
    const { request, attempt, idleAgeNs, sentNs, bytesWritten, bytesRead, row } = connection;
    this.#carriers[request] = -1;
    this.#setup.recorder.attemptDied({
      request,
      attempt,
      outcome,
      sign,
      connection: row,
      idleAgeNs,
      sentNs,
      bytesWritten,
      bytesRead,
    });
  }

  /** Ends a request that nobody will answer any more: `timeout` or `aborted`. */
  #giveUp(request: number, outcome: 'timeout' | 'aborted' | 'connect-timeout'): void {
    const connection = this.#connections.get(this.#carriers[request]);
    if (connection !== undefined) {
      connection.close();
      this.#tellDeath(connection, outcome, outcome === 'aborted' ? 'other' : 'timeout');
      this.#forget(connection, this.#pools[connection.client], outcome === 'aborted' ? 'open' : 'failed');
    }
    this.#finish(request, outcome);
  }

  #finish(request: number, outcome: Outcome, doneNs?: number): void {
    this.#state[request] = over;
    this.#setup.recorder.requestDone(request, outcome, doneNs);
    if (!this.#closing) this.#setup.onClientFree(this.#setup.plan.client[request]);
  }

  #sweep(): void {
    const nowNs = this.#setup.recorder.nowNs();
    const { connectTimeoutMs, requestTimeoutMs } = this.#setup.limits;
    while (this.#timeoutHead < this.#startedCount) {
      const request = this.#started[this.#timeoutHead];
      if (this.#state[request] === underWay) {
        if (nowNs - this.#startedNs[this.#timeoutHead] < requestTimeoutMs * nsPerMs) break;
        this.#timeOut(request, 'timeout');
      }
      this.#timeoutHead++;
    }
    // In the order of opening: the first that is young enough ends the search.
    for (const connection of this.#connecting) {
      if (nowNs - connection.openedNs < connectTimeoutMs * nsPerMs) break;
      this.#timeOut(connection.request, 'connect-timeout');
    }
    const { idleTimeoutMs, hintMarginMs, ageMaxMs } = this.#setup.policy.connection;
    if (idleTimeoutMs === null && hintMarginMs === null && ageMaxMs === null) return;
    for (const pool of this.#pools) if (pool.idle.length > 0) pool.sweep(nowNs);
  }

  #timeOut(request: number, outcome: 'timeout' | 'connect-timeout'): void {
    const pool = this.#pools[this.#setup.plan.client[request]];
    this.#giveUp(request, outcome);
    this.#serveLine(pool);
  }
}
