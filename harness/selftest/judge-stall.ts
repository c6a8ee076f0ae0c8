/**
 * Holds a trial with one stall against what arithmetic says: pure, so that a trial that was tampered
 * with can be shown to it.
 *
 * Requests come every Δ; the target stands still for S = n·Δ of D = N·Δ. The n requests that come
 * while it does wait Δ, 2Δ, … S; all others are answered at once. So of the N sorted response times
 * the one of rank N − n + m, which is the quantile 1 − S/D + u·S/D with u = m/n, is m·Δ = u·S: exactly,
 * where p·N is a whole number, as it is here for u = 0.1 … 0.9. No sleep ends to the microsecond, so S
 * is what the target's books say of this very stall, a little more than n·Δ, and the same rank is
 * S − (n − m)·Δ, which is u·S again, with the u that belongs to that p.
 *
 * On top comes what it takes to work the backlog off: (1 − u)·S·λ/μ for a rate λ and a server that
 * manages μ, which is largest, relative to u·S, at u = 0.1: 9·λ/μ.
 */
import { quantile } from '../base/statistics/quantile.ts';
import { nsPerMs } from '../base/units.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { Finding } from './check.ts';
import { equalFinding, lostVerdict } from './common-findings.ts';
import type { Verdict } from './conclude.ts';
import { complaints, lawsFinding } from './laws-finding.ts';

export interface StallScenario {
  readonly plan: LoadPlan;
  readonly stallMs: number;
  /** Δ. */
  readonly periodMs: number;
  /** The row that the target stands still for. */
  readonly frozenRow: number;
  /** Connections that the client may hold; null: as many as it likes. */
  readonly connectionsMax: number | null;
}

/** Of one request, ms. */
interface Times {
  readonly response: number;
  readonly service: number;
  /** As much of them as the machine added, by the target's own clock. */
  readonly slowness: number;
}

const tolerance = 0.02;
const latenessMsP99Max = 20;
const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

export function judgeStall(scenario: StallScenario, trial: TrialResult): Verdict {
  const { generator, target } = trial;
  const where = poolWords(scenario);
  if (generator === null || target === null) return lostVerdict(trial, where);
  const times = measuredTimes(scenario, generator, target);
  const bookedMs = bookedStallMs(scenario, target);
  const findings = findingsOf(scenario, times, bookedMs);
  const excused = findingsOf(scenario, times.map(withoutSlowness), scenario.stallMs);
  const wrong = findings.filter(({ held }) => !held);
  const ofEveryRun = complaints(trial);
  const unhealthy = ofEveryRun.length > 0 ? ofEveryRun : lateness(scenario, generator);
  // One number that nothing excuses, and slowness is no answer.
  const isExcused = wrong.length > 0 && findings.every(({ held }, index) => held || excused[index].held);
  return {
    findings: [...findings, lawsFinding(trial, where)],
    unhealthy: unhealthy.map((why) => `${where}: ${why}`),
    slowness: isExcused ? [slownessWords(wrong)] : [],
  };
}

/** How long the target stood still, as its books say. */
function bookedStallMs({ frozenRow }: StallScenario, { ledger }: TargetReport): number {
  return (ledger.answeredNs[frozenRow] - ledger.noticedNs[frozenRow]) / nsPerMs;
}

function slownessWords(wrong: readonly Finding[]): string {
  const [{ what, measured }, ...others] = wrong;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `the machine was slow, by the target's own clock: ${what}: ${measured}${more}`;
}

/** How much of the stall each of the two times shows. */
export function slowCounts(
  scenario: StallScenario,
  trial: TrialResult,
): { response: number; service: number } {
  if (trial.generator === null || trial.target === null) return { response: 0, service: 0 };
  const times = measuredTimes(scenario, trial.generator, trial.target);
  const slow = slowMs(scenario);
  return {
    response: times.filter(({ response }) => response > slow).length,
    service: times.filter(({ service }) => service > slow).length,
  };
}

/** Half a period: no stalled request is near it, and no other one. */
function slowMs({ periodMs }: StallScenario): number {
  return periodMs / 2;
}

function poolWords({ connectionsMax }: StallScenario): string {
  return connectionsMax === null ? 'on an unlimited pool' : `on a pool of ${connectionsMax} connections`;
}

function findingsOf(scenario: StallScenario, times: readonly Times[], bookedMs: number): Finding[] {
  const { stallMs, periodMs, connectionsMax } = scenario;
  const where = poolWords(scenario);
  const asked = {
    what: `the stall ${where}, by the target's books`,
    expected: `${stallMs} ms within 1 %`,
    measured: `${bookedMs.toFixed(1)} ms`,
    held: Math.abs(bookedMs / stallMs - 1) <= 0.01,
  };
  const sorted = Float64Array.from(times, ({ response }) => response).sort();
  const stalled = Math.round(stallMs / periodMs);
  const quantiles = shares.map((share) => {
    const p = (times.length - stalled + share * stalled) / times.length;
    return quantileFinding(
      `response-time quantile ${p.toFixed(2)} ${where}`,
      quantile(sorted, p),
      bookedMs - (1 - share) * stallMs,
    );
  });
  const slow = slowMs(scenario);
  const count = (name: 'response' | 'service') => times.filter((one) => one[name] > slow).length;
  return [
    asked,
    ...quantiles,
    equalFinding(`response times above ${slow} ms ${where}`, count('response'), stalled),
    // Whoever measures from the moment of sending sees no more slow answers than there are connections.
    equalFinding(
      `service times above ${slow} ms ${where}`,
      count('service'),
      Math.min(stalled, connectionsMax ?? stalled),
    ),
  ];
}

function quantileFinding(what: string, valueMs: number | null, expectedMs: number): Finding {
  const error = valueMs === null ? Number.NaN : valueMs / expectedMs - 1;
  const percent = `${error < 0 ? '−' : '+'}${Math.abs(error * 100).toFixed(2)} %`;
  return {
    what,
    expected: `${expectedMs.toFixed(1)} ms within ${tolerance * 100} %`,
    measured: valueMs === null ? 'nothing' : `${valueMs.toFixed(1)} ms (${percent})`,
    held: Math.abs(error) <= tolerance,
  };
}

function measuredRows({ intendedNs, warmupNs }: LoadPlan): number[] {
  return [...intendedNs.keys()].filter((row) => intendedNs[row] >= warmupNs);
}

function measuredTimes(
  { plan, stallMs, frozenRow }: StallScenario,
  { requests, startNs }: GeneratorReport,
  { ledger }: TargetReport,
): Times[] {
  const { intendedNs } = plan;
  const stallFromNs = intendedNs[frozenRow];
  const stallToNs = stallFromNs + stallMs * nsPerMs;
  const readNs = (row: number) => requests.doneNs[row] - (ledger.answeredNs[row] - startNs);
  const rows = measuredRows(plan);
  const isStalled = (row: number) => intendedNs[row] >= stallFromNs && intendedNs[row] < stallToNs;
  const calmReadNs =
    quantile(
      Float64Array.from(
        rows.filter((row) => !isStalled(row)),
        readNs,
      ).sort(),
      0.5,
    ) ?? 0;
  return rows.map((row) => {
    const dueNs = isStalled(row) ? stallToNs : intendedNs[row];
    const answeredLateNs = Math.max(0, ledger.answeredNs[row] - startNs - dueNs);
    // What reading takes at any time is the client's own; only what it took longer is the machine's.
    const readLateNs = Math.max(0, readNs(row) - calmReadNs);
    return {
      response: (requests.doneNs[row] - intendedNs[row]) / nsPerMs,
      service: (requests.doneNs[row] - requests.sentNs[row]) / nsPerMs,
      slowness: (answeredLateNs + readLateNs) / nsPerMs,
    };
  });
}

function withoutSlowness({ response, service, slowness }: Times): Times {
  return { response: response - slowness, service: service - slowness, slowness: 0 };
}

function lateness({ plan }: StallScenario, { requests }: GeneratorReport): string[] {
  const late = measuredRows(plan).map((row) => (requests.startedNs[row] - plan.intendedNs[row]) / nsPerMs);
  const p99 = quantile(Float64Array.from(late).sort(), 0.99) ?? 0;
  return p99 > latenessMsP99Max
    ? [`the generator was late: p99 ${p99.toFixed(1)} ms (limit ${latenessMsP99Max} ms)`]
    : [];
}
