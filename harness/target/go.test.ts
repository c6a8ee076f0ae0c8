/** The Go target for real: its idle timeout, its books, and each fault as it looks on the wire. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cliProcesses } from '../../test/fixtures/cli-processes.ts';
import { answer200, closePeers, onTheWire, openPeer, outage, Peer } from '../../test/fixtures/fault-wire.ts';
import { nowNs } from '../base/time/clock.ts';
import { type FaultKind, faultCode } from '../contract/fault.ts';
import type { RunningTarget, TargetConfig } from '../contract/target.ts';
import { goTarget } from './go.ts';

type GoConfig = Extract<TargetConfig, { kind: 'go' }>;

const processes = cliProcesses();
const kind = goTarget({ processes, cpus: null });
const host = '127.0.0.1';
const faultMs = 150;
const config: GoConfig = {
  kind: 'go',
  idleTimeoutMs: 60_000,
  idleTimeoutBy: 'IdleTimeout',
  serviceMs: { kind: 'fixed', value: 0 },
  responseBytes: { kind: 'fixed', value: 9 },
  faults: {},
  faultMs,
};

afterEach(() => {
  closePeers();
  processes.killAll();
});

async function serve(
  script: Readonly<Record<number, FaultKind>>,
  change: Partial<GoConfig> = {},
): Promise<{ target: RunningTarget; port: number }> {
  const faults = new Uint8Array(10);
  for (const [request, fault] of Object.entries(script)) faults[Number(request)] = faultCode[fault];
  const wanted = { ...config, ...change };
  const { idleTimeoutMs } = wanted;
  const target = await kind.start({
    config: wanted,
    policy: { idleTimeoutMs },
    host,
    seed: 1,
    requestCount: 10,
    faults,
  });
  return { target, port: target.endpoint.port };
}

async function booksOf(target: RunningTarget) {
  const report = await target.stop();
  if (report === null) throw new Error('no books');
  return report;
}

const comesBack = (port: number) =>
  expect.poll(() => openPeer(host, port).catch(() => null), { timeout: 5_000 }).toBeInstanceOf(Peer);

const hasGo = spawnSync('go', ['version']).status === 0;

describe.skipIf(!hasGo)('with Go (apt-get install golang-go)', () => {
  // The first time, Go compiles its standard library too.
  beforeAll(() => kind.prepare?.(config), 240_000);

  test.each(Object.entries(onTheWire))(
    '%s: on the wire and in the books as the embedded one has it',
    async (fault, expected) => {
      const { target, port } = await serve({ 3: fault as FaultKind });
      const peer = await openPeer(host, port);
      const { end, text, executions, answers } = expected;
      const sentNs = nowNs();
      await peer.post(3);
      await peer.until(
        () =>
          (end === 'open' ? peer.text !== '' || fault === 'black-hole' : peer.end !== 'open') &&
          text.test(peer.text),
      );
      await sleep(40);
      expect([peer.end, peer.text]).toEqual([end, expect.stringMatching(text)]);
      const { ledger, connectionOpenedNs, connectionsOpenMax } = await booksOf(target);
      expect([ledger.executions[3], ledger.answers[3]]).toEqual([executions, answers]);
      expect(Number.isNaN(ledger.noticedNs[3])).toBe(executions === 0);
      expect(Number.isNaN(ledger.answeredNs[3])).toBe(answers === 0);
      if (executions === 1) expect(ledger.noticedNs[3]).toBeGreaterThan(sentNs);
      if (answers === 1) expect(ledger.answeredNs[3]).toBeGreaterThan(ledger.noticedNs[3]);
      if (fault === 'freeze') {
        expect((ledger.answeredNs[3] - ledger.noticedNs[3]) / 1e6).toBeGreaterThanOrEqual(faultMs - 1);
      }
      expect([connectionOpenedNs?.length, connectionsOpenMax]).toEqual([1, 1]);
    },
  );

  test('freeze: other connections wait too', async () => {
    const { target, port } = await serve({ 3: 'freeze' });
    const [frozen, other] = await Promise.all([openPeer(host, port), openPeer(host, port)]);
    await other.post(2);
    await other.until(() => answer200.test(other.text));
    other.text = '';
    await frozen.post(3);
    await sleep(30);
    const askedNs = nowNs();
    await other.post(4);
    await other.until(() => answer200.test(other.text));
    expect(nowNs() - askedNs).toBeGreaterThan((faultMs - 80) * 1e6);
    expect((await booksOf(target)).ledger.executions[4]).toBe(1);
  });

  test('a fault happens once: the same request sent again is served', async () => {
    const { target, port } = await serve({ 3: 'fin-executed' });
    const first = await openPeer(host, port);
    await first.post(3);
    await first.until(() => first.end === 'fin');
    const second = await openPeer(host, port);
    await second.post(3);
    await second.until(() => answer200.test(second.text));
    const { ledger } = await booksOf(target);
    expect([ledger.executions[3], ledger.answers[3]]).toEqual([2, 1]);
  });

  test('refuse: nobody new for its time, connections that are there stay, then the same port again', async () => {
    const { port } = await serve({ 3: 'refuse' });
    const peer = await openPeer(host, port);
    await peer.post(3);
    await peer.until(() => answer200.test(peer.text));
    const code = await openPeer(host, port).catch((error: NodeJS.ErrnoException) => error.code);
    expect(code).toBe('ECONNREFUSED');
    peer.text = '';
    await peer.post(5);
    await peer.until(() => answer200.test(peer.text));
    await comesBack(port);
  });

  test('restart: idle connections end, requests under way are answered, then the same port again', async () => {
    const { target, port } = await serve({ 3: 'restart' }, { serviceMs: { kind: 'fixed', value: 60 } });
    const { fault, idle, underWay } = await outage(host, port, { fault: 3, idle: 4, underWay: 5 });
    expect([fault.end, idle.end, underWay.end]).toEqual(['fin', 'fin', 'fin']);
    for (const { text } of [fault, idle, underWay]) expect(text).toMatch(answer200);
    expect(underWay.text).toMatch(/connection: close\r\n/i);
    await comesBack(port);
    expect([...(await booksOf(target)).ledger.answers.subarray(3, 6)]).toEqual([1, 1, 1]);
  });

  test('crash: every connection is cut, nothing under way is answered, then the same port again', async () => {
    const { target, port } = await serve({ 3: 'crash' }, { serviceMs: { kind: 'fixed', value: 60 } });
    const { fault, idle, underWay } = await outage(host, port, { fault: 3, idle: 4, underWay: 5 });
    expect([fault.end, idle.end, underWay.end]).toEqual(['fin', 'fin', 'fin']);
    expect([fault.text, underWay.text]).toEqual(['', '']);
    await comesBack(port);
    const { ledger } = await booksOf(target);
    expect([...ledger.executions.subarray(3, 6)]).toEqual([1, 1, 1]);
    expect([...ledger.answers.subarray(3, 6)]).toEqual([0, 1, 0]);
  });

  test.each([
    ['IdleTimeout', 120],
    ['ReadTimeout', 120],
    ['IdleTimeout', null],
  ] as const)('%s of %s ms ends idle connections, and the books say how late', async (idleTimeoutBy, ms) => {
    const { target, port } = await serve({}, { idleTimeoutBy, idleTimeoutMs: ms });
    const peer = await openPeer(host, port);
    await peer.post(1);
    await peer.until(() => answer200.test(peer.text));
    if (ms === null) await sleep(300);
    else await peer.until(() => peer.end === 'fin');
    const end = peer.end;
    const { ledger, idleTimerLatenessNs, connectionClosedNs } = await booksOf(target);
    if (ms === null) {
      expect([end, idleTimerLatenessNs.length]).toEqual(['open', 0]);
      return;
    }
    expect(idleTimerLatenessNs).toHaveLength(1);
    // It may be late by whatever this machine does, and not early.
    expect(idleTimerLatenessNs[0]).toBeGreaterThan(-1e6);
    expect(connectionClosedNs?.[0]).toBeCloseTo(ledger.answeredNs[1] + ms * 1e6 + idleTimerLatenessNs[0], -4);
  });

  test('Connection: close is no idle close, and the answer is booked', async () => {
    const { target, port } = await serve({}, { idleTimeoutMs: 100 });
    const peer = await openPeer(host, port);
    peer.socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: 1\r\n\r\n');
    await peer.until(() => peer.end === 'fin');
    const { ledger, idleTimerLatenessNs } = await booksOf(target);
    expect(peer.text).toMatch(/connection: close\r\n/i);
    expect([ledger.executions[1], ledger.answers[1], idleTimerLatenessNs.length]).toEqual([1, 1, 0]);
  });
});
