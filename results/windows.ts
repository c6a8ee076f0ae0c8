/** The time line of a trial: one `Window` per begun second of the measured time. */

import { quantile } from '../harness/base/statistics/quantile.ts';
import { nsPerMs, nsPerSecond } from '../harness/base/units.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { ResourceSeries } from '../harness/contract/resources.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import type { Window } from '../harness/contract/summary.ts';
import type { TargetReport } from '../harness/contract/target.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { measuredRows, measuredSeconds } from './digest-trial.ts';

/** Requests belong to the second they were meant for (closed loop: started in). */
export function windowsOf(
  plan: LoadPlan,
  round: number,
  generator: GeneratorReport,
  { target, resources }: Pick<TrialResult, 'target' | 'resources'>,
): Window[] {
  const { requests } = generator;
  const at = plan.loop === 'open' ? plan.intendedNs : requests.startedNs;
  const perSecond = Array.from({ length: measuredSeconds(plan) }, () => ({
    requests: 0,
    ok: 0,
    failed: 0,
    retries: 0,
    responseMs: [] as number[],
  }));
  for (const row of measuredRows(plan, generator)) {
    if (requests.outcome[row] === outcomeCode.dropped) continue;
    const second = Math.min(perSecond.length - 1, Math.floor((at[row] - plan.warmupNs) / nsPerSecond));
    const window = perSecond[second];
    window.requests++;
    window.retries += Math.max(0, requests.attempts[row] - 1);
    if (requests.outcome[row] === outcomeCode.ok) {
      window.ok++;
      window.responseMs.push((requests.doneNs[row] - at[row]) / nsPerMs);
    } else window.failed++;
  }
  return perSecond.map(({ responseMs, ...counts }, second) => {
    const sorted = Float64Array.from(responseMs).sort();
    const fromNs = plan.warmupNs + second * nsPerSecond;
    const toNs = Math.min(plan.endNs, fromNs + nsPerSecond);
    return {
      round,
      second,
      ...counts,
      idleRaces: racesBetween(generator, fromNs, toNs),
      responseTimeMsP50: quantile(sorted, 0.5),
      responseTimeMsP99: quantile(sorted, 0.99),
      responseTimeMsMax: sorted.at(-1) ?? null,
      ...connectionsBetween(generator, fromNs, toNs),
      ...acceptedBetween(generator.startNs, target, fromNs, toNs),
      ...serverBetween(generator.startNs, resources, fromNs, toNs),
    };
  });
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
