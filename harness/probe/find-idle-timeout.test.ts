import { expect, test } from 'vitest';
import { errorOf, findIdleTimeout, type IdleProbe, narrowed, stagesOf } from './find-idle-timeout.ts';
import type { ConnectionEnd, ProbeConnection } from './probe-connection.ts';

/** A server as a model: closes after a time, or drops without a word; null: never. */
function model(
  server: { closesMs?: (connection: number) => number; dropsMs?: number },
  longestMs: number,
): IdleProbe {
  let connections = 0;
  return {
    longestMs,
    async open() {
      const number = connections++;
      const openedMs = performance.now();
      const closesMs = server.closesMs?.(number);
      const fake = { hasEnded: false, openedMs, destroy() {}, ended: new Promise<ConnectionEnd>(() => {}) };
      if (closesMs !== undefined) {
        fake.ended = new Promise((resolve) =>
          setTimeout(() => {
            fake.hasEnded = true;
            resolve({ ending: 'fin', afterMs: closesMs });
          }, closesMs),
        );
      }
      return fake as unknown as ProbeConnection;
    },
    async isAnswered(connection) {
      const { openedMs, hasEnded } = connection as unknown as { openedMs: number; hasEnded: boolean };
      const idleMs = performance.now() - openedMs;
      return !hasEnded && idleMs < (server.dropsMs ?? Number.POSITIVE_INFINITY);
    },
    onProgress() {},
  };
}

test('findIdleTimeout() takes the close that it sees, and confirms it by a request before it', async () => {
  const { finding, endings } = await findIdleTimeout(model({ closesMs: () => 300 }, 2_000));
  expect(finding).toMatchObject({ timeoutMs: 300, fromMs: 300, toMs: 300, errorMs: 50, isConfirmed: true });
  expect(endings).toEqual(['fin']);
});

test('findIdleTimeout() tells the spread of a timeout with jitter', async () => {
  const { finding } = await findIdleTimeout(
    model({ closesMs: (connection) => 300 + 20 * (connection % 8) }, 2_000),
  );
  expect(finding).toMatchObject({ fromMs: 300, toMs: 440, noneUpToMs: null });
});

test('findIdleTimeout() of a server without a timeout says how far it looked', async () => {
  const { finding, endings } = await findIdleTimeout(model({}, 700));
  expect(finding).toMatchObject({ noneUpToMs: 700, timeoutMs: null });
  expect(endings).toEqual([]);
});

test('findIdleTimeout() bisects what is dropped without a word', async () => {
  const { finding } = await findIdleTimeout(model({ dropsMs: 620 }, 1_000));
  expect(finding.isSilent).toBe(true);
  expect(Math.abs((finding.timeoutMs ?? 0) - 620)).toBeLessThanOrEqual((finding.errorMs ?? 0) + 30);
});

test('narrowed() brackets between the last that survived and the first that did not', () => {
  const use = (atMs: number, fate: 'alive' | 'dead' | 'closed') => ({ atMs, fate });
  expect(narrowed(0, 100, [use(20, 'alive'), use(40, 'dead'), use(60, 'closed')])).toEqual([20, 40]);
  expect(narrowed(10, 100, [use(20, 'dead')])).toEqual([10, 20]);
  expect(narrowed(10, 100, [use(50, 'alive')])).toEqual([50, 100]);
  // One that survived beyond one that did not is chance, not the bracket.
  expect(narrowed(0, 100, [use(20, 'dead'), use(40, 'alive')])).toEqual([0, 20]);
});

test('stagesOf() doubles up to the longest; errorOf() is 2 % or 50 ms', () => {
  expect(stagesOf(3_000)).toEqual([500, 1_000, 2_000, 3_000]);
  expect([errorOf(1_000), errorOf(60_000)]).toEqual([50, 1_200]);
});
