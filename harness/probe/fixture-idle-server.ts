/**
 * Models of servers in virtual time, for tests. A model defines when the server checks and closes idle connections.
 * Use with fake timers; `performance.now()` is the clock.
 */
import type { IdleConnection, IdleProbe } from './find-idle-timeout.ts';
import type { ConnectionEnd } from './probe-connection.ts';

export interface IdleServer {
  /** Shortest lifetime, ms; null: never closes. */
  readonly idleMs: number | null;
  /** It looks for idle connections at `phaseMs` and every `tickMs` after that. 0: each has its own timer. */
  readonly tickMs?: number;
  readonly phaseMs?: number;
  /**
   * Looks only when a request wakes it, or a tick after the last one did, and counts time in whole ticks,
   * as lighttpd does: an answer late in a tick has the shortest lifetime, if something wakes the server then.
   */
  readonly byPoll?: boolean;
  /** Gives up connections without closing them. */
  readonly isSilent?: boolean;
  readonly rttMs?: number;
  /** The first request on a connection that was idle for at least this is not answered, ms. */
  readonly failsAtMs?: number;
  /** Added to the lifetime of the n-th connection, ms. */
  readonly extraMs?: (connection: number) => number;
}

/** A connection of the model; `closed` is when its server stops answering on it. */
class ModelConnection implements IdleConnection {
  hasEnded = false;
  readonly ended: Promise<ConnectionEnd>;
  readonly #end = Promise.withResolvers<ConnectionEnd>();
  readonly #answeredMs = performance.now();
  readonly #world: World;
  readonly lifeMs: number | null;
  /** The server's side has given it up. */
  isGone = false;

  constructor(world: World, lifeMs: number | null) {
    this.ended = this.#end.promise;
    this.#world = world;
    this.lifeMs = lifeMs;
  }

  get idleMs(): number {
    return performance.now() - this.#answeredMs;
  }

  close(isSilent: boolean): void {
    if (this.isGone) return;
    this.isGone = true;
    if (isSilent) return;
    const afterMs = this.idleMs + this.#world.rttMs / 2;
    setTimeout(() => {
      this.hasEnded = true;
      this.#end.resolve({ ending: 'fin', afterMs });
    }, this.#world.rttMs / 2);
  }

  async request() {
    const { rttMs } = this.#world;
    await new Promise((resolve) => setTimeout(resolve, rttMs / 2));
    this.#world.wake();
    if (this.isGone || this.#world.fails(this.idleMs)) return null;
    await new Promise((resolve) => setTimeout(resolve, rttMs / 2));
    return { status: 200, tookMs: rttMs, hintSeconds: null, keepAlive: true, headerLines: [] };
  }

  destroy(): void {
    this.isGone = true;
  }
}

/** What a model's connections share: its sweep. */
class World {
  readonly rttMs: number;
  readonly #server: IdleServer;
  readonly #connections = new Set<ModelConnection>();
  #hasFailed = false;
  #sweeper: ReturnType<typeof setTimeout> | undefined;

  constructor(server: IdleServer) {
    this.#server = server;
    this.rttMs = server.rttMs ?? 0;
    if ((server.tickMs ?? 0) > 0) this.#sweepAfter(server.phaseMs ?? 0);
  }

  open(number: number): ModelConnection {
    const { idleMs, tickMs = 0, isSilent = false, extraMs } = this.#server;
    const connection = new ModelConnection(this, idleMs === null ? null : idleMs + (extraMs?.(number) ?? 0));
    this.#connections.add(connection);
    const { lifeMs } = connection;
    // The answer left half a round trip ago.
    if (lifeMs !== null && tickMs === 0) {
      setTimeout(() => connection.close(isSilent), lifeMs - this.rttMs / 2);
    }
    return connection;
  }

  fails(idleMs: number): boolean {
    if (this.#hasFailed || idleMs < (this.#server.failsAtMs ?? Number.POSITIVE_INFINITY)) return false;
    this.#hasFailed = true;
    return true;
  }

  wake(): void {
    if (this.#server.byPoll) this.#sweep();
  }

  end(): void {
    clearTimeout(this.#sweeper);
  }

  #sweep(): void {
    const { tickMs = 0, isSilent = false, byPoll = false } = this.#server;
    for (const connection of this.#connections) {
      const { lifeMs } = connection;
      const idleMs = connection.idleMs + this.rttMs / 2;
      const countedMs = byPoll ? this.#clockMs(0) - this.#clockMs(-idleMs) : idleMs;
      if (lifeMs === null || (byPoll ? countedMs < lifeMs + 0.001 : countedMs < lifeMs)) continue;
      connection.close(isSilent);
      this.#connections.delete(connection);
    }
    this.#sweepAfter(tickMs);
  }

  /** The server's clock, from now, in whole ticks. */
  #clockMs(fromNowMs: number): number {
    const { tickMs = 1, phaseMs = 0 } = this.#server;
    return Math.floor((performance.now() + fromNowMs - phaseMs) / tickMs) * tickMs;
  }

  #sweepAfter(ms: number): void {
    clearTimeout(this.#sweeper);
    this.#sweeper = setTimeout(() => this.#sweep(), ms);
  }
}

export interface Model {
  readonly probe: IdleProbe;
  readonly requests: () => number;
  end(): void;
}

export function idleModel(server: IdleServer, longestMs: number, marginMs: number): Model {
  const world = new World(server);
  let [connections, requests] = [0, 0];
  const open = async () => {
    requests++;
    await new Promise((resolve) => setTimeout(resolve, 2 * world.rttMs));
    world.wake();
    return world.open(connections++);
  };
  const probe: IdleProbe = {
    ...{ longestMs, marginMs, signal: new AbortController().signal },
    open,
    isAnswered(connection) {
      requests++;
      return connection.request(0).then((answer) => answer !== null);
    },
    async wake() {
      requests++;
      world.wake();
    },
    onProgress() {},
  };
  return { probe, requests: () => requests, end: () => world.end() };
}
