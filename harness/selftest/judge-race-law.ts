/**
 * Holds the deaths of a sweep against the law, bin by bin of measured idle age.
 *
 * Measured, not planned: lateness moves an idle age, and the law is about the age that it was. In a
 * bin of n probes the number of deaths must be within what a binomial distribution allows around the
 * predicted share. With m bins and two ends each, every end may cut off 0.001/2m, so that all of them
 * together raise a false alarm in at most one of 1,000 runs (Bonferroni).
 *
 * Model tolerance: the lags at the very moment of the close may be larger than those measured before
 * it, because that is when servers are busy closing. The window may be narrower or wider by
 * `toleranceMs` at either end; that changes the bins at its two edges and no other. Well outside of it
 * the law says 0, and 0 it must be; well inside it says 1, and 1 % may survive. "Well" is beyond every
 * lag that was measured, stalls included: a short one may fall between two requests that would have
 * shown it.
 */
import { binomialRange } from '../../results/statistics/binomial-range.ts';
import { prng } from '../base/prng.ts';
import type { CheckResult, Finding } from './check.ts';
import { noneFinding } from './common-findings.ts';
import { conclude } from './conclude.ts';
import { count, milliseconds } from './figures.ts';
import { type DeathProbability, deathProbability, type LagsOfSweep } from './predict-deaths.ts';
import { type Span, stallMsMin, stallsOf, untouched } from './race-stalls.ts';
import type { Probe, Sweep, SweepSetup } from './race-sweep.ts';

const binMs = 4;
const toleranceMs = 1;
/** Of all bins together. */
const falseAlarmMax = 0.001;
/** Even well inside of the window. */
const survivorShareMax = 0.01;
/** Fewer probes in a bin cannot tell anything: it is left out. */
const binProbesMin = 10;
const thinBinsMax = 5;

export function judgeRaceLaw(
  sweep: Sweep,
  setup: SweepSetup,
  seed: number,
  complaints: readonly string[],
): CheckResult {
  const { probes, lost } = sweep;
  const kept = untouched(probes, stallsOf(sweep, setup), setup);
  const lags = lagsOfSweep(sweep, setup);
  const bins = binsOf(kept, setup);
  const thin = bins.filter((bin) => bin.probes.length < binProbesMin);
  const full = bins.filter((bin) => !thin.includes(bin));
  const of = (fate: Probe['fate']) => kept.filter((probe) => probe.fate === fate).length;
  const reasons = [
    ...(lags === null ? ['no lags could be measured'] : []),
    ...(thin.length > thinBinsMax
      ? [
          `the machine stood still too often: ${count(probes.length - kept.length)} of ${count(probes.length)} probes ` +
            `were touched by stalls above ${stallMsMin} ms, which leaves ${thin.length} of ${bins.length} bins with less than ${binProbesMin}`,
        ]
      : []),
  ];
  const random = prng(seed, 'selftest-race-law-draws');
  const judged =
    reasons.length > 0 || lags === null
      ? []
      : full.map((bin) => judgeBin(bin, bins.length, setup, lags, random));
  const predicted = judged.reduce((sum, { expected }) => sum + expected, 0);
  const measured = judged.reduce((sum, { deaths }) => sum + deaths, 0);
  return conclude(
    [
      { findings: bookFindings(probes), unhealthy: [], slowness: [] },
      {
        findings: judged.map(({ finding }) => finding),
        unhealthy: [...reasons, ...complaints],
        slowness: [],
      },
    ],
    judged.length === 0
      ? `${count(of('died'))} of ${count(kept.length)} probes died; too few to hold against the law.`
      : `${count(measured)} of ${count(judged.reduce((sum, { probes: n }) => sum + n, 0))} probes died, the law says ${predicted.toFixed(0)}; ` +
          `${judged.filter(({ finding }) => finding.held).length} of ${judged.length} bins agree ` +
          `(window ${windowWords(lags)}; ${count(probes.length - kept.length)} probes left out for stalls, ${count(lost)} connections lost).`,
  );
}

interface Bin {
  readonly span: Span;
  readonly probes: readonly Probe[];
}

function binsOf(probes: readonly Probe[], { idleTimeoutMs, reachMs }: SweepSetup): Bin[] {
  return Array.from({ length: (2 * reachMs) / binMs }, (_, index) => {
    const fromMs = idleTimeoutMs - reachMs + index * binMs;
    const span = { fromMs, toMs: fromMs + binMs };
    return { span, probes: probes.filter(({ ageMs }) => ageMs >= span.fromMs && ageMs < span.toMs) };
  });
}

function judgeBin(
  { span, probes }: Bin,
  bins: number,
  { idleTimeoutMs }: SweepSetup,
  lags: LagsOfSweep,
  random: () => number,
): { finding: Finding; expected: number; deaths: number; probes: number } {
  const each = probes.map((probe) => deathProbability(probe, idleTimeoutMs, lags, toleranceMs, random));
  const mean = (of: (probability: DeathProbability) => number) =>
    each.reduce((sum, probability) => sum + of(probability), 0) / each.length;
  const low = Math.min(
    1 - survivorShareMax,
    mean(({ least }) => least),
  );
  const high = mean(({ most }) => most);
  const likely = mean((probability) => probability.likely);
  const { least, most } = binomialRange(probes.length, Math.min(low, high), high, falseAlarmMax / (2 * bins));
  const deaths = probes.filter(({ fate }) => fate === 'died').length;
  const range = least === most ? `${least}` : `${least} to ${most}`;
  return {
    finding: {
      what: `deaths at idle ages of ${span.fromMs} to ${span.toMs} ms`,
      expected: `${range} of ${probes.length} (the law: ${(likely * 100).toFixed(1)} %)`,
      measured: `${deaths}`,
      held: deaths >= least && deaths <= most,
    },
    expected: likely * probes.length,
    deaths,
    probes: probes.length,
  };
}

/** Exact whatever the machine does: of all probes, those in stalls too. */
function bookFindings(probes: readonly Probe[]): Finding[] {
  const none = (what: string, isWrong: (probe: Probe) => boolean) => noneFinding(what, probes, isWrong);
  return [
    none('probes that died of anything but the idle close', ({ fate }) => fate === 'other'),
    none('probes that died and were executed', ({ fate, executions }) => fate === 'died' && executions > 0),
    none(
      'probes that were answered and not executed once',
      ({ fate, executions }) => (fate === 'answered' || fate === 'fresh') && executions !== 1,
    ),
  ];
}

/** Timer lateness is not told apart: books say how late it was, not when, so none of it can be left out. */
function lagsOfSweep({ lags, timerLatenessMs }: Sweep, { rttMs }: SweepSetup): LagsOfSweep | null {
  const requestPathMs = lags.map(({ sentMs, noticedMs }) => noticedMs - sentMs);
  const responsePathMs = lags.map(({ answeredMs, doneMs }) => doneMs - answeredMs);
  const usual = (paths: readonly number[]) => paths.filter((ms) => ms - rttMs / 2 <= stallMsMin);
  const result = {
    usual: { requestPathMs: usual(requestPathMs), responsePathMs: usual(responsePathMs), timerLatenessMs },
    all: { requestPathMs, responsePathMs, timerLatenessMs },
  };
  return Object.values(result.usual).some((samples) => samples.length === 0) ? null : result;
}

function windowWords(lags: LagsOfSweep | null): string {
  if (lags === null) return 'unknown';
  const mean = (samples: readonly number[]) => samples.reduce((sum, ms) => sum + ms, 0) / samples.length;
  const { requestPathMs, responsePathMs } = lags.usual;
  return `R + λs + λc = ${milliseconds(mean(requestPathMs) + mean(responsePathMs))}`;
}
