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

/** Requests of a trial, and of a strategy's trials together, whose lags are kept: evenly spread over all that qualify. */
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
  const rows = thinned(
    measured.filter(
      (row) =>
        requests.outcome[row] === outcomeCode.ok &&
        requests.reused[row] === 1 &&
        requests.idleAgeNs[row] < safeIdleAgeNs &&
        requests.attempts[row] === 1 &&
        executions[row] === 1 &&
        // A target that keeps coarse books knows no moments.
        !Number.isNaN(noticedNs[row]) &&
        !Number.isNaN(answeredNs[row]),
    ),
    samplesMax.trial,
  );
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

/** At most so many of them, evenly spaced. */
function thinned<Values extends Float64Array | Uint32Array>(values: Values, max: number): Values {
  const step = values.length / max;
  if (step <= 1) return values;
  return values.filter((_, index) => Math.floor((index + 1) / step) > Math.floor(index / step)) as Values;
}
