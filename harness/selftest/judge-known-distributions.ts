/**
 * Holds recorded percentiles against the drawn waits. Of each request it is known what the target was
 * to wait, so
 *
 *     response time = drawn wait + what the machine added,   and the second is never below 0.
 *
 * Lower bound, exact: row by row nothing is faster than its draw, so no percentile is below the
 * drawn one. The floor and lateness only ever add. Upper bound: where a share s of the requests was
 * slowed by more than an allowance a, at most that share can have moved a percentile further than a:
 *
 *     drawn(p)  ≤  recorded(p)  ≤  drawn(p + s) + a            each within the histogram's 0.1 %
 *
 * a is the floor's p99 (lateness is in it: response time counts from the intended moment) and how late
 * the target may wake from its wait. s is counted on the way, and says whether the comparison is worth
 * anything: a machine that slows many requests for moments refuses, one that slows most of them though
 * it keeps up in every other way is wrong.
 */
import type { Histogram } from 'hdr-histogram-js';
import { quantile } from '../base/statistics/quantile.ts';
import { nsPerMs } from '../base/units.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { outcomeCode } from '../contract/outcome.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { CheckResult, Finding } from './check.ts';
import { equalFinding, noneFinding } from './common-findings.ts';
import { conclude, type Verdict } from './conclude.ts';
import { milliseconds } from './figures.ts';

export interface KnownTrial {
  /** For sentences. */
  readonly name: string;
  readonly plan: LoadPlan;
  readonly generator: GeneratorReport;
  readonly target: TargetReport;
  /** What the target was to wait, row by row. */
  readonly drawnMs: Float64Array;
  /** As the summary has them: of the measured time, ascending. */
  readonly responseMs: Float64Array;
  /** The same as stored in the histogram log, ns. */
  readonly logged: Histogram;
  readonly complaints: readonly string[];
}

/** What a null server's response times are on this machine, ms. */
export interface Floor {
  readonly p50: number;
  readonly p99: number;
  readonly complaints: readonly string[];
}

/** The histogram's: three significant digits. */
const precision = 0.001;
/** A wait ends in naps of 0.1 ms that the kernel makes longer. */
const wakeMsMax = 0.5;
/** p90 keeps an upper bound up to here; p99 has one where it is below 1 %, and else is held from below only. */
const slowedShareMax = 0.08;
/** Beyond this most requests are slowed, which no passing disturbance does. */
const slowedShareWrong = 0.5;
/** A machine that is fit to tell. */
const limitsMs = { floorP99: 20, latenessP99: 10, loopDelayP99: 10 } as const;
const percentiles = [0.5, 0.9, 0.99, 0.999] as const;

export function floorOf({ responseMs, complaints }: KnownTrial): Floor {
  return { p50: quantile(responseMs, 0.5) ?? 0, p99: quantile(responseMs, 0.99) ?? 0, complaints };
}

export function judgeDistribution(trial: KnownTrial, floor: Floor): readonly Verdict[] {
  const { name, plan, generator, target, drawnMs } = trial;
  const { requests } = generator;
  const rows = [...plan.intendedNs.keys()].filter((row) => plan.intendedNs[row] >= plan.warmupNs);
  const answered = rows.filter((row) => requests.outcome[row] === outcomeCode.ok);
  const waitedMs = (row: number) => (target.ledger.answeredNs[row] - target.ledger.noticedNs[row]) / nsPerMs;
  const addedMs = (row: number) => (requests.doneNs[row] - plan.intendedNs[row]) / nsPerMs - drawnMs[row];
  const allowanceMs = floor.p99 + wakeMsMax;
  const slowed = answered.filter((row) => addedMs(row) > allowanceMs).length / Math.max(1, answered.length);
  const wakeMs = quantile(Float64Array.from(answered, (row) => waitedMs(row) - drawnMs[row]).sort(), 0.5);
  const exact = [
    equalFinding(`${name}: requests answered`, answered.length, rows.length),
    noneFinding(
      `${name}: requests that the target answered before their wait was over`,
      answered,
      (row) => waitedMs(row) < drawnMs[row] - clockMs,
    ),
    noneFinding(`${name}: response times below the wait`, answered, (row) => addedMs(row) < -clockMs),
    ...storageFindings(trial),
    ...percentileFindings(
      trial,
      Float64Array.from(answered, (row) => drawnMs[row]).sort(),
      slowed,
      allowanceMs,
    ),
  ];
  const slow = {
    what: `${name}: requests slowed by more than ${milliseconds(allowanceMs)}`,
    expected: `at most ${slowedShareMax * 100} %`,
    measured: `${(slowed * 100).toFixed(2)} % (the target woke late by p50 ${milliseconds(wakeMs)})`,
    held: slowed <= slowedShareMax,
  };
  const unfit = unfitness(trial);
  const isPassing = slowed < slowedShareWrong;
  const reasons = [...unfit, ...(isPassing && !slow.held ? [`${slow.what}: ${slow.measured}`] : [])];
  return [
    { findings: exact, unhealthy: [], slowness: [] },
    { findings: [slow], unhealthy: trial.complaints.map((why) => `${name}: ${why}`), slowness: reasons },
  ];
}

export function concludeDistributions(verdicts: readonly (readonly Verdict[])[], floor: Floor): CheckResult {
  const all = verdicts.flat();
  const findings = all.flatMap((verdict) => verdict.findings).filter(({ kind }) => kind !== undefined);
  const held = findings.filter((one) => one.held).length;
  const fromBelow = findings.filter(({ kind }) => kind === 'percentile-from-below').length;
  const bounded =
    fromBelow === 0 ? '' : `, ${fromBelow} of them held from below only, so many requests were slowed`;
  const ofFloor = floor.complaints.map((why) => `null server: ${why}`);
  if (floor.p99 > limitsMs.floorP99) {
    ofFloor.push(
      `null server: p99 ${milliseconds(floor.p99)} (limit ${limitsMs.floorP99} ms): such a floor would allow anything`,
    );
  }
  return conclude(
    [...all, { findings: [], unhealthy: ofFloor, slowness: [] }],
    `The floor, a null server's response time, is p50 ${milliseconds(floor.p50)}, p99 ${milliseconds(floor.p99)}; ` +
      `${held} of ${findings.length} recorded percentiles are the drawn ones within 0.1 % and that floor${bounded}.`,
  );
}

/** Doubles of ns since boot are whole to a few ns; far below what is compared. */
const clockMs = 0.000_1;

/** The two ways in which a run keeps response times say the same. */
function storageFindings({ name, responseMs, logged }: KnownTrial): Finding[] {
  const apart = percentiles.filter((p) => {
    const exact = quantile(responseMs, p) ?? Number.NaN;
    return !(Math.abs(loggedMs(logged, p) - exact) <= exact * precision);
  });
  return [
    equalFinding(`${name}: values in the histogram log`, logged.totalCount, responseMs.length),
    equalFinding(
      `${name}: percentiles on which summary and histogram log agree`,
      percentiles.length - apart.length,
      percentiles.length,
    ),
  ];
}

function percentileFindings(
  { name, logged }: KnownTrial,
  drawn: Float64Array,
  slowed: number,
  allowanceMs: number,
): Finding[] {
  return percentiles.map((p) => {
    const low = quantile(drawn, p) ?? Number.NaN;
    const beyond = p + slowed > 1 ? null : quantile(drawn, p + slowed);
    const recorded = loggedMs(logged, p);
    const isHighEnough = recorded >= low * (1 - precision);
    // Where all that is beyond p may have been slowed, there is no upper bound.
    const isLowEnough = beyond === null || recorded <= (beyond + allowanceMs) * (1 + precision);
    const upper = beyond === null ? ' or more' : ` to ${milliseconds(beyond + allowanceMs)}`;
    return {
      kind: beyond === null ? 'percentile-from-below' : 'percentile',
      what: `${name}: p${p * 100}, recorded`,
      expected: `${milliseconds(low)}${upper}`,
      measured: milliseconds(recorded),
      held: isHighEnough && isLowEnough,
    };
  });
}

function loggedMs(logged: Histogram, p: number): number {
  return logged.getValueAtPercentile(p * 100) / nsPerMs;
}

/** Signs, none of them taken from the response times compared, that the machine was busy. */
function unfitness({ name, plan, generator, target }: KnownTrial): string[] {
  const late = generator.requests.startedNs
    .map((ns, row) => (ns - plan.intendedNs[row]) / nsPerMs)
    .filter((ms, row) => plan.intendedNs[row] >= plan.warmupNs && !Number.isNaN(ms))
    .sort();
  const signs = [
    { what: 'the generator was late: p99', ms: quantile(late, 0.99) ?? 0, limitMs: limitsMs.latenessP99 },
    {
      what: 'the generator’s event loop stood still: p99',
      ms: generator.eventLoopDelayMsP99,
      limitMs: limitsMs.loopDelayP99,
    },
    {
      what: 'the target’s event loop stood still: p99',
      ms: target.eventLoopDelayMsP99,
      limitMs: limitsMs.loopDelayP99,
    },
  ];
  return signs.flatMap(({ what, ms, limitMs }) =>
    ms !== null && ms > limitMs ? [`${name}: ${what} ${milliseconds(ms)} (limit ${limitMs} ms)`] : [],
  );
}
