/** The time line of a trial: one `Window` per begun second of the measured time. */

import { maxOf, quantileOf, timesOf } from '../harness/base/statistics/times.ts';
import { nsPerMs, nsPerSecond } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { ResourceSeries } from '../harness/contract/resources.ts';
import type { GeneratorReport, RequestColumns } from '../harness/contract/samples.ts';
import type { Window } from '../harness/contract/summary.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { measuredRows } from './digest-trial.ts';
import { type Second, secondsOf } from './seconds.ts';

export function windowsOf(
  plan: LoadPlan,
  round: number,
  generator: GeneratorReport,
  { target, resources }: Pick<TrialResult, 'target' | 'resources'>,
  seconds = secondsOf(plan, generator.requests, measuredRows(plan, generator)),
): Window[] {
  const { requests, startNs } = generator;
  const at = plan.loop === 'open' ? plan.intendedNs : requests.startedNs;
  const { openedNs, closedNs } = generator.connections;
  const races = racesPerSecond(generator, seconds);
  const own = connectionsPerSecond(openedNs, closedNs, 0, seconds);
  const { connectionOpenedNs, connectionClosedNs } = target ?? {};
  const accepted =
    connectionOpenedNs && connectionClosedNs
      ? connectionsPerSecond(connectionOpenedNs, connectionClosedNs, startNs, seconds)
      : null;
  return seconds.map(({ second, rows, fromNs, toNs }) => {
    const { times, ...counts } = requestsOf(requests, at, rows);
    return {
      round,
      second,
      ...counts,
      idleRaces: races[second],
      responseTimeMsP50: quantileOf(times, 0.5),
      responseTimeMsP99: quantileOf(times, 0.99),
      responseTimeMsMax: maxOf(times),
      connectionsOpen: own[second].open,
      connectionsOpened: own[second].opened,
      serverConnectionsOpen: accepted?.[second].open ?? null,
      serverConnectionsAccepted: accepted?.[second].opened ?? null,
      ...serverBetween(startNs, resources, fromNs, toNs),
    };
  });
}

function requestsOf({ outcome, attempts, doneNs }: RequestColumns, at: Float64Array, rows: Uint32Array) {
  const responseMs = new Float64Array(rows.length);
  let ok = 0;
  let retries = 0;
  for (const row of rows) {
    retries += Math.max(0, attempts[row] - 1);
    if (outcome[row] === outcomeCode.ok) responseMs[ok++] = (doneNs[row] - at[row]) / nsPerMs;
  }
  const times = timesOf(responseMs.subarray(0, ok));
  return { requests: rows.length, ok, failed: rows.length - ok, retries, times };
}

/** @returns For each second, the races of requests that were sent in it. */
function racesPerSecond({ deaths }: GeneratorReport, seconds: readonly Second[]): Uint32Array {
  const races = new Uint32Array(seconds.length);
  for (let death = 0; death < deaths.sentNs.length; death++) {
    if (deaths.outcome[death] !== outcomeCode['idle-race']) continue;
    const second = secondAt(deaths.sentNs[death], seconds);
    if (second >= 0 && second < seconds.length) races[second]++;
  }
  return races;
}

/** @returns For each second, the connections that were opened in it, and those open at its end. */
function connectionsPerSecond(
  openedNs: Float64Array,
  closedNs: Float64Array,
  startNs: number,
  seconds: readonly Second[],
) {
  const opened = new Uint32Array(seconds.length);
  /** By how many the open ones change in each second; the first one takes all changes before it. */
  const changes = new Int32Array(seconds.length + 1);
  for (let row = 0; row < openedNs.length; row++) {
    if (Number.isNaN(openedNs[row])) continue;
    const second = secondAt(openedNs[row] - startNs, seconds);
    if (second >= 0 && second < seconds.length) opened[second]++;
    changes[Math.max(0, second)]++;
    // NaN: never closed.
    if (Number.isNaN(closedNs[row])) continue;
    changes[Math.max(0, secondAt(closedNs[row] - startNs, seconds))]--;
  }
  let open = 0;
  return seconds.map(({ second }) => {
    open += changes[second];
    return { opened: opened[second], open };
  });
}

/** The second of a moment of the trial: -1 before the first, `seconds.length` after the last. */
function secondAt(atNs: number, seconds: readonly Second[]): number {
  if (seconds.length === 0 || atNs < seconds[0].fromNs) return -1;
  if (atNs >= seconds[seconds.length - 1].toNs) return seconds.length;
  return Math.min(seconds.length - 1, Math.floor((atNs - seconds[0].fromNs) / nsPerSecond));
}

function serverBetween(
  startNs: number,
  resources: ResourceSeries | null,
  fromNs: number,
  toNs: number,
): Pick<Window, 'serverCpuShare' | 'serverRssBytes'> {
  const unknown = { serverCpuShare: null, serverRssBytes: null };
  if (resources === null) return unknown;
  const { atNs, cpuMs, rssBytes } = resources;
  const inside = [...atNs.keys()].filter(
    (row) => atNs[row] - startNs >= fromNs && atNs[row] - startNs < toNs,
  );
  const first = inside[0];
  const last = inside.at(-1);
  if (last === undefined || first === last) return unknown;
  const spanMs = (atNs[last] - atNs[first]) / nsPerMs;
  return {
    serverCpuShare: cpuMs === null ? null : finite((cpuMs[last] - cpuMs[first]) / spanMs),
    serverRssBytes: rssBytes === null ? null : finite(rssBytes[last]),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
