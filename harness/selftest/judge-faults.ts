/**
 * Holds a trial against what the fault oracle expects: pure, so that a trial that was tampered with
 * can be shown to it. Counts are compared exactly; there is no tolerance.
 */
import { nsPerMs } from '../base/units.ts';
import { outcomes } from '../contract/outcome.ts';
import { closeCauses, deathSigns, type GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { Finding } from './check.ts';
import type { Verdict } from './conclude.ts';
import { endWords, type NextRequest, plainEnd, type RequestEnd } from './fault-expectations.ts';
import type { FaultScenario } from './fault-scenario.ts';
import { complaints, lawsFinding, strain } from './laws-finding.ts';

const slowLimits = {
  /** The scenario leaves 60 ms or more around everything. */
  latenessMsMax: 40,
  /** A good request on a warm connection; it takes well below 1 ms. */
  controlMsMax: 40,
} as const;

/** @param where For example `over TLS`: told in each finding. */
export function judgeFaults(scenario: FaultScenario, trial: TrialResult, where: string): Verdict {
  const { generator, target, health } = trial;
  if (generator === null || target === null) {
    const measured = health.reasons.join('; ');
    return {
      findings: [finding(`the trial ${where}`, 'runs to its end', measured)],
      unhealthy: [],
      slowness: [],
    };
  }
  const observed = (row: number, next: number | null, like: RequestEnd) =>
    endWords(observe(generator, target, row, next, like));
  const findings = scenario.injections.map(({ what, expected, rows }) =>
    finding(
      `${what} ${where}`,
      tally(rows.map(() => endWords(expected))),
      tally(rows.map(({ row, next }) => observed(row, next, expected))),
    ),
  );
  const { plainRows } = scenario;
  findings.push(
    finding(
      `requests without a fault ${where}`,
      tally(plainRows.map(() => endWords(plainEnd))),
      tally(plainRows.map((row) => observed(row, null, plainEnd))),
    ),
    lawsFinding(trial, where),
  );
  const slowness = [...slownessOf(scenario, generator), ...strain(trial)];
  const placed = (reasons: readonly string[]) => reasons.map((reason) => `${where}: ${reason}`);
  return { findings, unhealthy: placed(complaints(trial)), slowness: placed(slowness) };
}

function finding(what: string, expected: string, measured: string): Finding {
  return { what, expected, measured, held: expected === measured };
}

/** `5 × idle-race by fin, executed once`; what was seen most comes first. */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([one, count]) => `${count} × ${one}`)
    .join('; ');
}

/** @param like Looks at no more than this does. */
function observe(
  { requests, deaths, connections }: GeneratorReport,
  { ledger }: TargetReport,
  row: number,
  next: number | null,
  like: RequestEnd,
): RequestEnd {
  const died = [...deaths.request.keys()].filter((death) => deaths.request[death] === row);
  const connection = died.length > 0 ? deaths.connection[died[0]] : requests.connection[row];
  return {
    outcome: outcomes[requests.outcome[row]],
    deaths: died.map((death) => ({
      outcome: outcomes[deaths.outcome[death]],
      sign: deathSigns[deaths.sign[death]],
    })),
    executed: ledger.executions[row],
    cause: like.cause === null ? null : closeCauses[connections.cause[connection]],
    next: like.next === null || next === null ? null : nextWords(requests, next, connection),
  };
}

function nextWords(requests: GeneratorReport['requests'], next: number, connection: number): NextRequest {
  if (outcomes[requests.outcome[next]] !== 'ok') return 'not ok';
  return requests.connection[next] === connection ? 'ok on the same connection' : 'ok on a fresh connection';
}

function slownessOf(
  { plan, controlRows }: FaultScenario,
  { requests: { startedNs, doneNs } }: GeneratorReport,
): string[] {
  const reasons: string[] = [];
  const { latenessMsMax, controlMsMax } = slowLimits;
  const measured = [...plan.intendedNs.keys()].filter((row) => plan.intendedNs[row] >= plan.warmupNs);
  const lateMs = largest(measured.map((row) => (startedNs[row] - plan.intendedNs[row]) / nsPerMs));
  if (lateMs > latenessMsMax) {
    reasons.push(`a request was sent ${lateMs.toFixed(0)} ms late (limit ${latenessMsMax} ms)`);
  }
  const controls = controlRows.filter((row) => plan.intendedNs[row] >= plan.warmupNs);
  const slowMs = largest(controls.map((row) => (doneNs[row] - startedNs[row]) / nsPerMs));
  if (slowMs > controlMsMax) {
    reasons.push(`a good request took ${slowMs.toFixed(0)} ms (limit ${controlMsMax} ms)`);
  }
  return reasons;
}

/** NaN, which is a request that never was, counts as none. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most ? value : most), 0);
}
