import { expect, test } from 'vitest';
import type { ClientShare } from '../contract/client-kind.ts';
import { closedLoop } from './closed-loop.ts';

function start(options: { clients: number; rows: number; endNs: number; share?: ClientShare }) {
  let nowNs = 0;
  const sent: number[] = [];
  const clock = { nowNs: () => nowNs };
  const { clients, rows, endNs, share = { index: 0, count: 1 } } = options;
  const plan = { clients, endNs, client: Uint32Array.from({ length: rows }, (_, row) => row % clients) };
  const loop = closedLoop({ plan, share, startNs: 0, clock, send: (row) => sent.push(row) });
  const begun = () => expect.poll(() => sent.length).toBeGreaterThan(0);
  return { loop, sent, begun, advance: (ns: number) => (nowNs += ns) };
}

test('closedLoop() gives each client its next row as soon as the last is done', async () => {
  const { loop, sent, begun, advance } = start({ clients: 2, rows: 10, endNs: 100 });
  await begun();
  expect(sent).toEqual([0, 1]);
  loop.clientFree(1);
  loop.clientFree(1);
  loop.clientFree(0);
  expect(sent).toEqual([0, 1, 3, 5, 2]);
  advance(100);
  loop.clientFree(0);
  loop.clientFree(1);
  expect(await loop.stopped).toBe(5);
});

test('closedLoop() stops when the rows are used up', async () => {
  const { loop, sent, begun } = start({ clients: 2, rows: 3, endNs: 100 });
  await begun();
  loop.clientFree(0);
  loop.clientFree(1);
  loop.clientFree(0);
  expect(await loop.stopped).toBe(3);
  expect(sent).toEqual([0, 1, 2]);
});

test('closedLoop() drives the clients of its share and no others', async () => {
  const { loop, sent, begun } = start({
    clients: 5,
    rows: 12,
    endNs: 100,
    share: { index: 1, count: 2 },
  });
  await begun();
  expect(sent).toEqual([1, 3]);
  loop.clientFree(3);
  loop.clientFree(3);
  loop.clientFree(1);
  loop.clientFree(1);
  loop.clientFree(1);
  expect(await loop.stopped).toBe(5);
  expect(sent).toEqual([1, 3, 8, 6, 11]);
});
