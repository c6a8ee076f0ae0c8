/** The time line of a trial: one `Window` per begun second of the measured time. */

import { maxOf, quantileOf, timesOf } from '../harness/base/statistics/times.ts';
import { nsPerMs } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { ResourceSeries } from '../harness/contract/resources.ts';
import type { GeneratorReport, RequestColumns } from '../harness/contract/samples.ts';
import type { Window } from '../harness/contract/summary.ts';
import type { TargetReport } from '../harness/contract/target.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { measuredRows } from './digest-trial.ts';
import { secondsOf } from './seconds.ts';

export function windowsOf(
  plan: LoadPlan,
  round: number,
  generator: GeneratorReport,
  { target, resources }: Pick<TrialResult, 'target' | 'resources'>,
  seconds = secondsOf(plan, generator.requests, measuredRows(plan, generator)),
): Window[] {
  const { requests, startNs } = generator;
  const at = plan.loop === 'open' ? plan.intendedNs : requests.startedNs;
  return seconds.map(({ second, rows, fromNs, toNs }) => {
    const { times, ...counts } = requestsOf(requests, at, rows);
    return {
      round,
      second,
      ...counts,
      idleRaces: racesBetween(generator, fromNs, toNs),
      responseTimeMsP50: quantileOf(times, 0.5),
      responseTimeMsP99: quantileOf(times, 0.99),
      responseTimeMsMax: maxOf(times),
      ...connectionsBetween(generator, fromNs, toNs),
      ...acceptedBetween(startNs, target, fromNs, toNs),
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

function racesBetween({ deaths }: GeneratorReport, fromNs: number, toNs: number): number {
  let races = 0;
  for (let death = 0; death < deaths.sentNs.length; death++) {
    const inside = deaths.sentNs[death] >= fromNs && deaths.sentNs[death] < toNs;
    if (inside && deaths.outcome[death] === outcomeCode['idle-race']) races++;
  }
  return races;
}

function connectionsBetween(
  { connections: { openedNs, closedNs } }: GeneratorReport,
  fromNs: number,
  toNs: number,
): Pick<Window, 'connectionsOpen' | 'connectionsOpened'> {
  const { opened, open } = countBetween(openedNs, closedNs, fromNs, toNs);
  return { connectionsOpen: open, connectionsOpened: opened };
}

function acceptedBetween(
  startNs: number,
  target: TargetReport | null,
  fromNs: number,
  toNs: number,
): Pick<Window, 'serverConnectionsOpen' | 'serverConnectionsAccepted'> {
  const { connectionOpenedNs, connectionClosedNs } = target ?? {};
  if (!connectionOpenedNs || !connectionClosedNs) {
    return { serverConnectionsOpen: null, serverConnectionsAccepted: null };
  }
  const { opened, open } = countBetween(
    connectionOpenedNs,
    connectionClosedNs,
    startNs + fromNs,
    startNs + toNs,
  );
  return { serverConnectionsOpen: open, serverConnectionsAccepted: opened };
}

/** Opened within the span; open at its end. */
function countBetween(openedNs: Float64Array, closedNs: Float64Array, fromNs: number, toNs: number) {
  let opened = 0;
  let open = 0;
  for (let row = 0; row < openedNs.length; row++) {
    if (openedNs[row] >= fromNs && openedNs[row] < toNs) opened++;
    // NaN, never closed, is not below toNs.
    if (openedNs[row] < toNs && !(closedNs[row] < toNs)) open++;
  }
  return { opened, open };
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
