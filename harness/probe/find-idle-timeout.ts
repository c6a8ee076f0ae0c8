/**
 * The idle timeout: connections that made one request each are watched, and whoever is closed tells it. Others are
 * used again at staged idle times, since a connection that was dropped without a word shows only then; where that
 * happens, the time is bisected. What was found is confirmed by a request shortly before it.
 *
 * The watched times need no correction for the round trip: the answer and the FIN travel the same way.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionEnd, ProbeConnection } from './probe-connection.ts';
import type { Ending, IdleTimeoutFinding } from './probe-findings.ts';

export interface IdleProbe {
  /** Opens a connection and makes one request on it; null: it did not work out, or the budget is spent. */
  open(): Promise<ProbeConnection | null>;
  /** Whether a request on it is answered. */
  isAnswered(connection: ProbeConnection): Promise<boolean>;
  /** Longest idle time to wait for, ms. */
  readonly longestMs: number;
  onProgress(text: string): void;
}

export interface IdleResult {
  readonly finding: IdleTimeoutFinding;
  readonly endings: readonly Ending[];
}

const watchers = 8;
/** Connections of a round of bisection: each round narrows by this and one. */
const bisectors = 6;
const roundsMax = 3;
const confirmers = 3;

/** ± 2 % or 50 ms, whichever is more. */
export function errorOf(timeoutMs: number): number {
  return Math.max(50, timeoutMs * 0.02);
}

/** Idle times at which a connection is used again, doubling: 0.5 s up to the longest. */
export function stagesOf(longestMs: number): number[] {
  const stages: number[] = [];
  for (let atMs = 500; atMs < longestMs; atMs *= 2) stages.push(atMs);
  return [...stages, longestMs];
}

export async function findIdleTimeout(probe: IdleProbe): Promise<IdleResult> {
  const ends: ConnectionEnd[] = [];
  const opened = await Promise.all(Array.from({ length: watchers }, () => probe.open()));
  const watched = opened.filter((connection) => connection !== null);
  const stages = stagesOf(probe.longestMs);
  const staged = stages.map((atMs) => useAt(probe, atMs));
  const all = Promise.all(watched.map((one) => one.ended.then((end) => ends.push(end))));
  const done = new AbortController();
  const longest = sleep(probe.longestMs, undefined, { signal: done.signal }).catch(() => {});
  const clock = setInterval(
    () => probe.onProgress(`idle timeout: ${ends.length} of ${watched.length} connections closed`),
    1_000,
  );
  await Promise.race([all, longest]);
  done.abort();
  clearInterval(clock);
  const endings = [...new Set(ends.map(({ ending }) => ending))];
  if (ends.length === watched.length && ends.length > 0) {
    return { finding: await confirm(probe, ends), endings };
  }
  const uses = await Promise.all(staged);
  for (const connection of watched) connection.destroy();
  const dead = uses.filter(({ fate }) => fate === 'dead').map(({ atMs }) => atMs);
  const alive = uses.filter(({ fate }) => fate === 'alive').map(({ atMs }) => atMs);
  if (dead.length === 0) {
    const noneUpToMs = Math.max(0, ...alive);
    return { finding: nothingFound(noneUpToMs, watched.length), endings };
  }
  const firstDeadMs = Math.min(...dead);
  const lastAliveMs = Math.max(0, ...alive.filter((atMs) => atMs < firstDeadMs));
  return { finding: await bisect(probe, lastAliveMs, firstDeadMs), endings };
}

interface Use {
  readonly atMs: number;
  /** `closed`: its end was seen before it was used. */
  readonly fate: 'alive' | 'dead' | 'closed';
}

/** Uses a new connection again after an idle time. */
async function useAt(probe: IdleProbe, atMs: number): Promise<Use> {
  const connection = await probe.open();
  if (connection === null) return { atMs, fate: 'closed' };
  await Promise.race([sleep(atMs), connection.ended]);
  if (connection.hasEnded) return { atMs, fate: 'closed' };
  const isAlive = await probe.isAnswered(connection);
  connection.destroy();
  return { atMs, fate: isAlive ? 'alive' : 'dead' };
}

async function confirm(probe: IdleProbe, ends: readonly ConnectionEnd[]): Promise<IdleTimeoutFinding> {
  const times = ends.map(({ afterMs }) => afterMs).sort((a, b) => a - b);
  const [fromMs, toMs] = [times[0], times[times.length - 1]];
  const timeoutMs = times[Math.floor(times.length / 2)];
  const errorMs = errorOf(timeoutMs);
  const beforeMs = fromMs - errorMs;
  probe.onProgress(`idle timeout: confirming ${timeoutMs.toFixed(0)} ms`);
  const uses =
    beforeMs <= 0 ? [] : await Promise.all(Array.from({ length: confirmers }, () => useAt(probe, beforeMs)));
  const isConfirmed = uses.length === 0 ? null : uses.every(({ fate }) => fate === 'alive');
  const connections = times.length;
  return { noneUpToMs: null, timeoutMs, fromMs, toMs, errorMs, connections, isConfirmed, isSilent: false };
}

function nothingFound(noneUpToMs: number, connections: number): IdleTimeoutFinding {
  const unknown = { timeoutMs: null, fromMs: null, toMs: null, errorMs: null };
  return { noneUpToMs, ...unknown, connections, isConfirmed: noneUpToMs > 0, isSilent: false };
}

/** Between an idle time that was survived and one that was not. */
async function bisect(probe: IdleProbe, lowMs: number, highMs: number): Promise<IdleTimeoutFinding> {
  let [low, high] = [lowMs, highMs];
  for (let round = 0; round < roundsMax && high - low > 2 * errorOf(high); round++) {
    probe.onProgress(`idle timeout: between ${low.toFixed(0)} and ${high.toFixed(0)} ms`);
    const step = (high - low) / (bisectors + 1);
    const from = low;
    const uses = await Promise.all(
      Array.from({ length: bisectors }, (_, index) => useAt(probe, from + step * (index + 1))),
    );
    [low, high] = narrowed(low, high, uses);
  }
  const timeoutMs = (low + high) / 2;
  return {
    noneUpToMs: null,
    timeoutMs,
    fromMs: low,
    toMs: high,
    errorMs: Math.max(errorOf(timeoutMs), (high - low) / 2),
    connections: bisectors,
    isConfirmed: true,
    isSilent: true,
  };
}

/** The bracket after a round: the first that did not survive, and the last before it that did. */
export function narrowed(lowMs: number, highMs: number, uses: readonly Use[]): [number, number] {
  const gone = uses.filter(({ fate }) => fate !== 'alive').map(({ atMs }) => atMs);
  const high = Math.min(highMs, ...gone);
  const survived = uses.filter(({ fate, atMs }) => fate === 'alive' && atMs < high).map(({ atMs }) => atMs);
  return [Math.max(lowMs, ...survived), high];
}
