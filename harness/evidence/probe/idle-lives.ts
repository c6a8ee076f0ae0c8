/**
 * What the lifetimes of staggered connections show about a server that checks for idle connections only once
 * per tick. Such a server closes a connection between T and T + tick after its last answer,
 * depending on when in the tick that answer left. Pure.
 */

/** One connection, from its last answer to the moment when its end was seen. */
export interface Life {
  readonly answeredAtMs: number;
  readonly afterMs: number;
}

/** NaN when there is none. */
export function shortestMs(lives: readonly Life[]): number {
  return lives.length === 0 ? Number.NaN : Math.min(...lives.map(({ afterMs }) => afterMs));
}

export function longestMs(lives: readonly Life[]): number {
  return lives.length === 0 ? Number.NaN : Math.max(...lives.map(({ afterMs }) => afterMs));
}

/**
 * The longest time between two consecutive answers. Lifetimes fall as fast as answers come later, until
 * the next tick. If the answers span a tick, one of them came at most this long before the answer with
 * the shortest possible lifetime, so the shortest lifetime seen is too long by at most this.
 */
export function stepMs(lives: readonly Life[]): number {
  const answered = lives.map(({ answeredAtMs }) => answeredAtMs).sort((a, b) => a - b);
  return Math.max(0, ...answered.slice(1).map((atMs, index) => atMs - answered[index]));
}

/**
 * false: each connection lived shorter than the one before it, over the whole span, so that all ended
 * together. The server's tick is longer than the span, and its shortest lifetime was not seen.
 */
export function spansTick(lives: readonly Life[]): boolean {
  const sorted = [...lives].sort((a, b) => a.answeredAtMs - b.answeredAtMs);
  if (sorted.length < 2) return true;
  const spanMs = sorted[sorted.length - 1].answeredAtMs - sorted[0].answeredAtMs;
  if (longestMs(lives) - shortestMs(lives) < spanMs / 2) return true;
  return sorted.some(({ afterMs }, index) => index > 0 && afterMs - sorted[index - 1].afterMs > spanMs / 4);
}
