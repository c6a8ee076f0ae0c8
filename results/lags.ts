/**
 * The lags of the race law, measured from the timings of requests that were answered.
 *
 * The client's and the target's clocks are one clock, so joining samples and ledger by request id
 * gives each way's time: written → noticed is R/2 + λs, answered → read is R/2 + λc. A FIN is read by
 * the same loop as an answer, so its way is taken to be as long. Only requests on reused connections,
 * answered at the first attempt and executed once, are taken, a fresh connection's first request
 * carrying the handshake; and only at idle ages at which nothing fails, so that the choice does not
 * depend on outcomes.
 */
import { prng } from '../harness/base/prng.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { GeneratorReport } from '../harness/contract/samples.ts';
import type { TargetReport } from '../harness/contract/target.ts';
import type { LagSamples } from '../harness/model/law/race-law.ts';

/** Idle ages below this are far from the race, ms: only a stall of 50 ms, or of a quarter of T, reaches them. */
export function safeIdleAgeMs(idleTimeoutMs: number | null, rttMs: number): number {
  if (idleTimeoutMs === null) return Number.POSITIVE_INFINITY;
  return idleTimeoutMs - rttMs - Math.min(50, idleTimeoutMs / 4);
}

/** The mean of fewer lags is off by more than a fifth of their scatter: nothing is predicted from them. */
export const lagSamplesMin = 30;

/** Whether the target wrote down when it noticed and answered requests; one that keeps coarse counts did not. */
export function keepsMoments({ ledger }: TargetReport): boolean {
  return ledger.noticedNs.some((ns) => !Number.isNaN(ns));
}

/** Requests of a trial, and of a strategy's trials together, whose lags are kept: spread over all that qualify. */
const samplesMax = { trial: 10_000, pooled: 100_000 } as const;

/**
 * @param safeIdleAgeNs Idle ages below this are far from the race: only those requests are taken, so
 * that no lag is left out because it killed its request.
 * @param measured Rows of the measured time.
 */
export function lagsOf(
  { requests, startNs }: GeneratorReport,
  target: TargetReport,
  safeIdleAgeNs: number,
  measured: Uint32Array,
): LagSamples {
  const { executions, noticedNs, answeredNs } = target.ledger;
  const { outcome, reused, idleAgeNs, attempts } = requests;
  const far = new Uint32Array(measured.length);
  let count = 0;
  for (const row of measured) {
    const isAnswered = outcome[row] === outcomeCode.ok && attempts[row] === 1 && executions[row] === 1;
    const isFar = reused[row] === 1 && idleAgeNs[row] < safeIdleAgeNs;
    // NaN is no difference: a target that keeps coarse books knows no moments.
    if (isAnswered && isFar && answeredNs[row] - noticedNs[row] > Number.NEGATIVE_INFINITY)
      far[count++] = row;
  }
  const rows = thinned(far.subarray(0, count), samplesMax.trial);
  const timing = (of: (row: number) => number) => Float64Array.from(rows, of);
  const responsePathNs = timing((row) => requests.doneNs[row] + startNs - answeredNs[row]);
  return {
    requestPathNs: timing((row) => noticedNs[row] - startNs - requests.sentNs[row]),
    responsePathNs,
    closePathNs: responsePathNs,
    serviceNs: timing((row) => answeredNs[row] - noticedNs[row]),
    timerLatenessNs: thinned(target.idleTimerLatenessNs, samplesMax.trial),
  };
}

/** The lags of several trials as one population. */
export function pooledLags(trials: readonly LagSamples[]): LagSamples {
  const pooled = (of: (lags: LagSamples) => Float64Array) => {
    const all = new Float64Array(trials.reduce((sum, lags) => sum + of(lags).length, 0));
    let at = 0;
    for (const lags of trials) {
      all.set(of(lags), at);
      at += of(lags).length;
    }
    return thinned(all, samplesMax.pooled);
  };
  const responsePathNs = pooled((lags) => lags.responsePathNs);
  return {
    requestPathNs: pooled((lags) => lags.requestPathNs),
    responsePathNs,
    closePathNs: responsePathNs,
    serviceNs: pooled((lags) => lags.serviceNs),
    timerLatenessNs: pooled((lags) => lags.timerLatenessNs),
  };
}

/**
 * At most so many of them, as a copy: the values may be a view of a whole file. One at random of each of `max` stretches of
 * equal length, as an even spacing could always meet the same place of a burst.
 */
function thinned<Values extends Float64Array | Uint32Array>(values: Values, max: number): Values {
  const kept = values.slice(0, max) as Values;
  if (values.length <= max) return kept;
  const step = values.length / max;
  const random = prng('lags');
  return kept.map((_, index) => values[Math.floor((index + random()) * step)]) as Values;
}
