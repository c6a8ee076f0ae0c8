/**
 * Finds the idle timeout. Connections make one request each, staggered over more than a second, and are
 * watched until the server closes them; the shortest lifetime counts. If lifetimes differ, they are watched
 * again while other requests keep the server busy, because many servers check for idle connections only
 * when something wakes them. Other connections are used again at 0.5 s, 1 s, 2 s, …. Only this shows a silent
 * drop, which is then bisected. Last, requests are sent at the age to advise; it is lowered until all
 * are answered. Lifetimes need no correction for the round trip: answer and FIN travel the same way.
 */
import { type Life, longestMs, shortestMs, spansTick, stepMs } from './idle-lives.ts';
import { pause } from './pause.ts';
import type { ConnectionEnd, ProbeConnection } from './probe-connection.ts';
import type { Ending, IdleTimeoutFinding } from './probe-findings.ts';

export type IdleConnection = Pick<ProbeConnection, 'ended' | 'hasEnded' | 'idleMs' | 'request' | 'destroy'>;

export interface IdleProbe {
  /** Opens a connection and makes one request on it; null: no answer, or the budget is spent. */
  open(): Promise<IdleConnection | null>;
  /** Whether a request on it is answered. */
  isAnswered(connection: IdleConnection): Promise<boolean>;
  /** Makes one request on another connection, as far as the budget allows, so that the server wakes up. */
  wake(): Promise<void>;
  /** Longest idle time to wait for, ms. */
  readonly longestMs: number;
  /** The safe margin: how long before the shortest lifetime a client must stop using a connection, ms. */
  readonly marginMs: number;
  readonly signal: AbortSignal;
  onProgress(step: string, detail?: string): void;
}

export interface IdleResult {
  readonly finding: IdleTimeoutFinding;
  readonly endings: readonly Ending[];
}

const watchers = 16;
/** Answers are spread over this, ms: more than the tick of a second that many servers have. */
const spanMsMin = 1_200;
/** Lifetimes that differ by more, ms, come from a server that looks once per tick: it is watched again. */
const tickMsMin = 100;
/** Time between the requests that keep the server busy, ms. */
const wakeEveryMs = 100;
/** If its tick is longer than the span, the span grows by this, at most this often. */
const spanGrowth = 4;
const againMax = 2;
/** Connections that are used again at each idle time. */
const usersOfStage = 2;
/** Connections of a round of bisection: each round narrows by this and one. */
const bisectors = 10;
const roundsMax = 3;
const confirmers = 8;
/** What each failed confirmation takes off the age, as a share of it. */
const drops = [1 / 8, 1 / 4, 1 / 2, 1 / 2, 1 / 2];

/** ± 2 % or 50 ms, whichever is more. */
export function errorOf(timeoutMs: number): number {
  return Math.max(50, timeoutMs * 0.02);
}

/** Idle times at which a connection is used again, doubling: 0.5 s up to the longest. */
export function stagesOf(longest: number): number[] {
  const stages: number[] = [];
  for (let atMs = 500; atMs < longest; atMs *= 2) stages.push(atMs);
  return [...stages, longest];
}

export async function findIdleTimeout(probe: IdleProbe): Promise<IdleResult> {
  let spanMs = spanMsMin;
  const first = await watch(probe, spanMs, stagesOf(probe.longestMs), null);
  const endings = [...new Set(first.ends.map(({ ending }) => ending))];
  if (first.ends.length === 0) {
    const alive = first.uses.filter(({ fate }) => fate === 'alive').map(({ atMs }) => atMs);
    const firstDeadMs = firstDropOf(first.uses);
    if (firstDeadMs === null) {
      return { finding: nothingFound(Math.max(0, ...alive), first.connections), endings };
    }
    const lastAliveMs = Math.max(0, ...alive.filter((atMs) => atMs < firstDeadMs));
    const [low, high] = await bisect(probe, lastAliveMs, firstDeadMs);
    const seen = { fromMs: low, toMs: high, stepMs: 0, connections: bisectors, isSilent: true };
    return { finding: await confirm(probe, seen, spanMs), endings };
  }
  let ends = first.ends;
  let [shortest, longest] = [shortestMs(ends), longestMs(ends)];
  let wakeMs = 0;
  for (let again = 0; again < againMax && longest - shortest > tickMsMin; again++) {
    if (!spansTick(ends)) spanMs *= spanGrowth;
    else if (again > 0) break;
    const busyFromMs = Math.max(0, 2 * shortest - longest);
    const watched = await watch(probe, spanMs, [], busyFromMs);
    if (watched.ends.length === 0) break;
    ends = watched.ends;
    [shortest, longest] = [Math.min(shortest, shortestMs(ends)), Math.max(longest, longestMs(ends))];
    wakeMs = wakeEveryMs;
  }
  const seen = {
    ...{ fromMs: shortest, toMs: longest, stepMs: stepMs(ends) + wakeMs },
    ...{ connections: ends.length, isSilent: false },
  };
  return { finding: await confirm(probe, seen, spanMs), endings };
}

type End = Life & ConnectionEnd;

interface Watched {
  readonly ends: readonly End[];
  readonly connections: number;
  readonly uses: readonly Use[];
}

/**
 * Watches staggered connections until all have ended, or the others are twice as old as the first to end.
 * @param stages Idle times at which further connections are used again.
 * @param busyFromMs When to start keeping the server busy; null: never.
 */
async function watch(
  probe: IdleProbe,
  spanMs: number,
  stages: readonly number[],
  busyFromMs: number | null,
): Promise<Watched> {
  const over = `connections over ${(spanMs / 1_000).toFixed(1)} s`;
  const step = busyFromMs === null ? `watching ${over}` : `watching ${over} again, with some load`;
  probe.onProgress(step);
  const enough = new AbortController();
  const signal = AbortSignal.any([probe.signal, enough.signal]);
  const ends: End[] = [];
  const uses: Use[] = [];
  const connections: IdleConnection[] = [];
  const ended = Promise.withResolvers<void>();
  const died = Promise.withResolvers<void>();
  const watching = staggered(watchers, spanMs, signal, async () => {
    const connection = await probe.open();
    if (connection === null) return;
    connections.push(connection);
    const answeredAtMs = performance.now() - connection.idleMs;
    ends.push({ answeredAtMs, ...(await connection.ended) });
    probe.onProgress(step, `${ends.length} of ${connections.length} closed`);
    ended.resolve();
  });
  const staged = stages.map(async (atMs) => {
    await staggered(usersOfStage, spanMs, signal, async () => {
      uses.push(await useAt({ ...probe, signal }, atMs));
      if (firstDropOf(uses) !== null) died.resolve();
    });
  });
  const busy = busyFromMs === null ? Promise.resolve() : keepBusy(probe, busyFromMs, signal);
  // Ended by `enough`, or failed with the probe: either is seen below.
  for (const one of [...staged, watching, busy]) one.catch(() => {});
  const failed = Promise.all(staged).then(() => new Promise<never>(() => {}));
  try {
    const longest = pause(spanMs + probe.longestMs, signal);
    await Promise.race([watching, ended.promise, died.promise, longest, failed]);
    const hasDied = firstDropOf(uses) !== null;
    // A request that met the close itself fails, too: then closes follow within a tick.
    if (ends.length === 0 && hasDied) await Promise.race([ended.promise, pause(spanMs, signal)]);
    if (ends.length > 0) await Promise.race([watching, pause(spanMs + shortestMs(ends), signal)]);
    else if (!hasDied) await Promise.all(staged);
  } finally {
    enough.abort();
    for (const connection of connections) connection.destroy();
  }
  return { ends: [...ends], connections: connections.length, uses };
}

/** The first idle time that no connection survived; one alone can fail for other reasons. */
function firstDropOf(uses: readonly Use[]): number | null {
  const dead = uses.filter(({ fate }) => fate === 'dead').map(({ atMs }) => atMs);
  const dropped = dead.filter((atMs, index) => dead.indexOf(atMs) !== index);
  return dropped.length === 0 ? null : Math.min(...dropped);
}

async function keepBusy(probe: IdleProbe, fromMs: number, signal: AbortSignal): Promise<never> {
  for (let waitMs = fromMs; ; waitMs = wakeEveryMs) {
    await pause(waitMs, signal);
    await probe.wake();
  }
}

/** Starts `count` of them, evenly spread over a time; resolves when all have finished. */
async function staggered<T>(
  count: number,
  spanMs: number,
  signal: AbortSignal,
  start: () => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await pause((index * spanMs) / (count - 1), signal);
      return start();
    }),
  );
}

interface Use {
  readonly atMs: number;
  /** `closed`: its end was seen before it was used. `unknown`: it was not used, or much too late. */
  readonly fate: 'alive' | 'dead' | 'closed' | 'unknown';
}

/** Uses a new connection again after an idle time. */
async function useAt(probe: IdleProbe, atMs: number): Promise<Use> {
  const connection = await probe.open();
  if (connection === null) return { atMs, fate: 'unknown' };
  const over = new AbortController();
  try {
    const signal = AbortSignal.any([probe.signal, over.signal]);
    await Promise.race([pause(atMs - connection.idleMs, signal), connection.ended]);
    const isLate = connection.idleMs - atMs > probe.marginMs;
    if (connection.hasEnded) return { atMs, fate: isLate ? 'unknown' : 'closed' };
    if (await probe.isAnswered(connection)) return { atMs, fate: 'alive' };
    return { atMs, fate: isLate ? 'unknown' : 'dead' };
  } finally {
    over.abort();
    connection.destroy();
  }
}

function nothingFound(noneUpToMs: number, connections: number): IdleTimeoutFinding {
  const unknown = { fromMs: null, toMs: null, errorMs: null, stepMs: 0 };
  return { noneUpToMs, ...unknown, connections, confirmedMs: null, failedAtMs: [], isSilent: false };
}

type Seen = Pick<IdleTimeoutFinding, 'stepMs' | 'connections' | 'isSilent'> & {
  readonly fromMs: number;
  readonly toMs: number;
};

/** Sends requests at the age that would be advised, and lowers it until all of them are answered. */
async function confirm(probe: IdleProbe, seen: Seen, spanMs: number): Promise<IdleTimeoutFinding> {
  const failedAtMs: number[] = [];
  let confirmedMs: number | null = null;
  let ageMs = adviceBefore(seen, probe.marginMs);
  for (const drop of drops) {
    if (ageMs < 1) break;
    probe.onProgress(`trying requests after ${(ageMs / 1_000).toFixed(3)} s`);
    const uses = await staggered(confirmers, spanMs, probe.signal, () => useAt(probe, ageMs));
    const tried = uses.filter(({ fate }) => fate !== 'unknown');
    const held = tried.every(({ fate }) => fate === 'alive');
    if (held && tried.length > 0) confirmedMs = ageMs;
    if (held) break;
    failedAtMs.push(ageMs);
    ageMs = Math.floor(ageMs * (1 - drop));
  }
  const fromMs = Math.min(seen.fromMs, ...failedAtMs);
  return { noneUpToMs: null, ...seen, fromMs, errorMs: bracketOf(seen), confirmedMs, failedAtMs };
}

/** The age to advise on what was seen, before it is tried, ms. */
export function adviceBefore({ fromMs, stepMs: step }: Pick<Seen, 'fromMs' | 'stepMs'>, marginMs: number) {
  return Math.max(0, Math.floor(fromMs - step - marginMs));
}

function bracketOf({ fromMs, toMs, stepMs: step, isSilent }: Seen): number {
  return Math.max(errorOf(fromMs), step, isSilent ? toMs - fromMs : 0);
}

/** Between an idle time that was survived and one that was not. */
async function bisect(probe: IdleProbe, lowMs: number, highMs: number): Promise<[number, number]> {
  let [low, high] = [lowMs, highMs];
  for (let round = 0; round < roundsMax && high - low > 2 * errorOf(high); round++) {
    probe.onProgress(`dropped silently between ${low.toFixed(0)} and ${high.toFixed(0)} ms`);
    const step = (high - low) / (bisectors + 1);
    const from = low;
    const uses = await Promise.all(
      Array.from({ length: bisectors }, (_, index) => useAt(probe, from + step * (index + 1))),
    );
    [low, high] = narrowed(low, high, uses);
  }
  return [low, high];
}

/** The bracket after a round: the first that did not survive, and the last before it that did. */
export function narrowed(lowMs: number, highMs: number, uses: readonly Use[]): [number, number] {
  const gone = uses.filter(({ fate }) => fate === 'dead' || fate === 'closed').map(({ atMs }) => atMs);
  const high = Math.min(highMs, ...gone);
  const survived = uses.filter(({ fate, atMs }) => fate === 'alive' && atMs < high).map(({ atMs }) => atMs);
  return [Math.max(lowMs, ...survived), high];
}
