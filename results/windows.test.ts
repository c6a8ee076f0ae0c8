/** The seconds of a trial, with a request, a race, and a connection at each border. */
import { expect, test } from 'vitest';
import { nsPerMs } from '../harness/base/units.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import { planOf } from '../test/fixtures/plan.ts';
import { trialOf } from '../test/fixtures/trial.ts';
import { reportOf, targetReportOf } from '../test/fixtures/trial-result.ts';
import { windowsOf } from './windows.ts';

const atMs = (...times: readonly number[]) => Float64Array.from(times, (ms) => ms * nsPerMs);
const nothing = { target: null, resources: null };
/** Half a second of warm-up, then one second and a half. */
const plan = planOf({
  warmupNs: 500 * nsPerMs,
  endNs: 2_000 * nsPerMs,
  intendedNs: atMs(499, 500, 1_499, 1_500, 1_999),
});

test('windowsOf() puts each request into the second it was meant for, and none of the warm-up', () => {
  const requests = plan.intendedNs.map((ns) => ns / nsPerMs);
  const { generator } = trialOf({
    // Each begins 600 ms late, so that most begin in another second than they were meant for.
    requests: [...requests].map((ms, row) => ({
      startedMs: ms + 600,
      doneMs: ms + 600 + 10 * row,
      outcome: row === 4 ? ('timeout' as const) : ('ok' as const),
    })),
  });
  const windows = windowsOf(plan, 3, generator ?? reportOf(), nothing);
  expect(windows).toMatchObject([
    { round: 3, second: 0, requests: 2, ok: 2, failed: 0, responseTimeMsMax: 620 },
    { round: 3, second: 1, requests: 2, ok: 1, failed: 1, responseTimeMsMax: 630 },
  ]);
});

test('windowsOf() counts a request that was never sent in no second, and retries in theirs', () => {
  const outcome = Uint8Array.of(0, 0, outcomeCode.dropped, 0, 0).map((code) => code || outcomeCode.ok);
  const requests = { outcome, attempts: Uint8Array.of(3, 2, 0, 1, 4), doneNs: plan.intendedNs };
  const windows = windowsOf(plan, 1, reportOf({ requests }), nothing);
  expect(windows.map(({ requests: count, retries }) => [count, retries])).toEqual([
    [1, 1],
    [2, 3],
  ]);
});

test('windowsOf() counts races by when their attempt was sent, and leaves out other deaths', () => {
  const { timeout, ...codes } = outcomeCode;
  const race = codes['idle-race'];
  const deaths = {
    sentNs: atMs(499, 500, 1_499, 1_500, 1_600),
    outcome: Uint8Array.of(race, race, race, race, timeout),
  };
  const windows = windowsOf(plan, 1, reportOf({ deaths, requests: { doneNs: plan.intendedNs } }), nothing);
  expect(windows.map(({ idleRaces }) => idleRaces)).toEqual([2, 1]);
});

test('windowsOf() gives the connections that are open at the end of a second, of the client and of the server', () => {
  const openedNs = atMs(0, 600, 1_400, 1_500);
  const closedNs = atMs(1_500, 1_499, Number.NaN, 1_999);
  const generator = reportOf({
    startNs: 7e9,
    requests: { doneNs: plan.intendedNs },
    connections: { openedNs, closedNs },
  });
  const onServer = (times: Float64Array) => times.map((ns) => 7e9 + ns);
  const target = targetReportOf({
    connectionOpenedNs: onServer(openedNs),
    connectionClosedNs: onServer(closedNs),
  });
  const [first, second] = windowsOf(plan, 1, generator, { target, resources: null });
  expect([first.connectionsOpened, first.connectionsOpen]).toEqual([2, 2]);
  expect([second.connectionsOpened, second.connectionsOpen]).toEqual([1, 1]);
  for (const window of [first, second]) {
    expect(window.serverConnectionsAccepted).toBe(window.connectionsOpened);
    expect(window.serverConnectionsOpen).toBe(window.connectionsOpen);
  }
  const [blind] = windowsOf(plan, 1, generator, nothing);
  expect(blind).toMatchObject({ serverConnectionsOpen: null, serverCpuShare: null, serverRssBytes: null });
});
