/**
 * Holds one rate's moments against the plan. Counts and the order of events are exact, whatever the
 * machine does: all processes read one clock, and nothing arrives before it is sent. How late it was
 * depends on the machine: past a limit the check says so and refuses.
 */
import { quantile } from '../base/statistics/quantile.ts';
import { nsPerMs } from '../base/units.ts';
import { outcomeCode } from '../contract/outcome.ts';
import type { CheckResult, Finding } from './check.ts';
import { noneFinding } from './common-findings.ts';
import { conclude, type Verdict } from './conclude.ts';
import { count, milliseconds } from './figures.ts';

/** One rate's trial; a row per request, times in ns from the start of the trial, NaN: never. */
export interface PacedRate {
  readonly ratePerSecond: number;
  readonly warmupNs: number;
  readonly intendedNs: Float64Array;
  /** Position in `outcomes`. */
  readonly outcome: Uint8Array;
  readonly startedNs: Float64Array;
  readonly sentNs: Float64Array;
  /** Seen by the target. */
  readonly noticedNs: Float64Array;
  readonly executions: Uint8Array;
  readonly complaints: readonly string[];
}

export interface PacingVerdict {
  readonly verdicts: readonly Verdict[];
  /** For the summary. */
  readonly sentence: string;
  readonly arrived: number;
  readonly planned: number;
}

/**
 * The sender's p99: the limit that the health gate sets to every run. What the target saw has the
 * target's own queue in it, which at 10,000/s is most of its p99, so there the median counts.
 */
const latenessMsMax = { sender: { p: 0.99, ms: 50 }, target: { p: 0.5, ms: 50 } } as const;

export function judgePacing(rate: PacedRate): PacingVerdict {
  const at = `at ${count(rate.ratePerSecond)}/s`;
  const rows = [...rate.intendedNs.keys()];
  const isDropped = (row: number) => rate.outcome[row] === outcomeCode.dropped;
  const arrived = rows.filter((row) => rate.executions[row] === 1);
  // What the pacer gave up because it was too late is the machine's; it still must not have arrived.
  const accounted = rows.filter((row) => rate.executions[row] === (isDropped(row) ? 0 : 1)).length;
  const dropped = rows.filter(isDropped).length;
  const sent = rows.length - dropped;
  const [believed, seen] = [rate.startedNs, rate.noticedNs].map((atNs) => latenessMs(rate, atNs));
  const counts = [
    {
      what: `requests ${at} that arrived exactly once`,
      expected: count(sent),
      measured: `${count(arrived.length)}`,
      held: accounted === rows.length && arrived.length === sent,
    },
    noneFinding(
      `requests ${at} that arrived before they were meant to be sent`,
      arrived,
      (row) => rate.noticedNs[row] < rate.intendedNs[row],
    ),
    noneFinding(
      `requests ${at} that arrived before they were sent`,
      arrived,
      (row) => !(rate.noticedNs[row] >= rate.sentNs[row] && rate.sentNs[row] >= rate.startedNs[row]),
    ),
    noneFinding(
      `requests ${at} that the pacer let go before their time`,
      arrived,
      (row) => rate.startedNs[row] < rate.intendedNs[row],
    ),
  ];
  const times = [
    latenessFinding(`lateness ${at} as the sender believes`, believed, latenessMsMax.sender),
    latenessFinding(`lateness ${at} as the target saw it`, seen, latenessMsMax.target),
  ];
  const late = times.filter(({ held }) => !held).map(({ what, measured }) => `${what}: ${measured}`);
  const unsent = dropped === 0 ? [] : [`${count(dropped)} requests ${at} were too late to be sent at all`];
  return {
    // Two verdicts: lateness excuses no count.
    verdicts: [
      { findings: counts, unhealthy: [], slowness: [] },
      {
        findings: times,
        unhealthy: [...unsent, ...rate.complaints.map((why) => `${at}: ${why}`)],
        slowness: late,
      },
    ],
    sentence: `${count(rate.ratePerSecond)}/s ${pair(believed)} (target saw ${pair(seen)})`,
    arrived: arrived.length,
    planned: rows.length,
  };
}

export function concludePacing(rates: readonly PacingVerdict[]): CheckResult {
  const sum = (of: (rate: PacingVerdict) => number) => rates.reduce((total, rate) => total + of(rate), 0);
  return conclude(
    rates.flatMap(({ verdicts }) => verdicts),
    `${count(sum(({ arrived }) => arrived))} of ${count(sum(({ planned }) => planned))} requests arrived once; late by p50 / p99: ${rates.map(({ sentence }) => sentence).join(', ')}.`,
  );
}

/** Of the measured time, ascending. */
function latenessMs({ intendedNs, warmupNs }: PacedRate, atNs: Float64Array): Float64Array {
  return atNs
    .map((ns, row) => (ns - intendedNs[row]) / nsPerMs)
    .filter((ms, row) => intendedNs[row] >= warmupNs && !Number.isNaN(ms))
    .sort();
}

function pair(sorted: Float64Array): string {
  return `${milliseconds(quantile(sorted, 0.5))} / ${milliseconds(quantile(sorted, 0.99))}`;
}

function latenessFinding(
  what: string,
  sorted: Float64Array,
  limit: { readonly p: number; readonly ms: number },
): Finding {
  const measured = quantile(sorted, limit.p);
  return {
    what,
    expected: `p${limit.p * 100} at most ${limit.ms} ms`,
    measured: `p50 / p99 ${pair(sorted)}`,
    held: measured !== null && measured <= limit.ms,
  };
}
