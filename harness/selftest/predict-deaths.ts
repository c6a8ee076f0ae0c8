/**
 * The law of the race for one probe: the probability that it dies, from the timeout and lags drawn from
 * the measured ones. It sees the probe's idle age and the way of the answer before it, not its fate.
 *
 * The server closes T + δs after its answer. The client has read that answer ρ after it was given, so
 * an idle age g of the client's is g + ρ of the server's. The probe arrives q after it was sent, the FIN
 * is noticed ρ' after it was sent:
 *
 *     dies  ⟺  T + δs − ρ − q  <  g  <  T + δs − ρ + ρ'
 *
 * with q = R/2 + λs, ρ = R/2 + λc' and ρ' = R/2 + λc'', which is the law of docs/law.md,
 * T + δs − R − λs − λc' < g < T + δs − λc' + λc'', with λc' taken where it was measured.
 */
import type { Prng } from '../base/prng.ts';
import type { Probe } from './race-sweep.ts';

/** Measured, ms. */
interface SweepLags {
  readonly requestPathMs: readonly number[];
  readonly responsePathMs: readonly number[];
  readonly timerLatenessMs: readonly number[];
}

export interface DeathProbability {
  readonly likely: number;
  /** With the window narrower by the tolerance at either end, and lags that stalls are part of. */
  readonly least: number;
  /** With it wider. */
  readonly most: number;
}

export interface LagsOfSweep {
  /** Without stalls: what the probes looked at are believed to have met. */
  readonly usual: SweepLags;
  /** All that were measured: what one of them may have met unseen. */
  readonly all: SweepLags;
}

const drawsPerProbe = 200;

export function deathProbability(
  probe: Pick<Probe, 'ageMs' | 'answerPathMs'>,
  idleTimeoutMs: number,
  { usual, all }: LagsOfSweep,
  toleranceMs: number,
  random: Prng,
): DeathProbability {
  const share = (lags: SweepLags, moreMs: number) => {
    let deaths = 0;
    for (let draw = 0; draw < drawsPerProbe; draw++)
      deaths += Number(dies(probe, idleTimeoutMs, lags, moreMs, random));
    return deaths / drawsPerProbe;
  };
  return { likely: share(usual, 0), least: share(all, -toleranceMs), most: share(all, toleranceMs) };
}

/** @param moreMs How much wider the window is at either end. */
function dies(
  { ageMs, answerPathMs }: Pick<Probe, 'ageMs' | 'answerPathMs'>,
  idleTimeoutMs: number,
  lags: SweepLags,
  moreMs: number,
  random: Prng,
): boolean {
  const closesMs = idleTimeoutMs + drawn(lags.timerLatenessMs, random) - answerPathMs;
  const fromMs = closesMs - drawn(lags.requestPathMs, random) - moreMs;
  const toMs = closesMs + drawn(lags.responsePathMs, random) + moreMs;
  return fromMs < ageMs && ageMs < toMs;
}

function drawn(samples: readonly number[], random: Prng): number {
  return samples[Math.floor(random() * samples.length)];
}
