/**
 * The law of the race for one probe: the probability that it dies, from the timeout and lags drawn from
 * the measured ones. It sees the probe's idle age and the way of the answer before it, not its fate.
 *
 * The server closes T + δs after its answer. The client has read that answer ρ after it was given, so
 * an idle age g of the client's is g + ρ of the server's. The probe arrives q after it was sent, the FIN
 * is noticed ρ' after it was sent:
 *
 *     dies  ⟺  T + δs − ρ − q  <  g  <  T + δs − ρ + ρ'        q = R/2 + λs, ρ = R/2 + λc
 *
 * which is the law T + δs − R − λs < g < T + δs + λc with the client's own lag taken where it was
 * measured instead of left out.
 */
import type { Prng } from '../../base/prng.ts';
import type { Probe } from './race-sweep.ts';

/** Measured, ms. */
export interface SweepLags {
  readonly requestPathMs: readonly number[];
  readonly responsePathMs: readonly number[];
  readonly timerLatenessMs: readonly number[];
}

export interface DeathProbability {
  readonly likely: number;
  /** With the window narrower by the tolerance at either end. */
  readonly least: number;
  /** With it wider. */
  readonly most: number;
}

const drawsPerProbe = 200;

export function deathProbability(
  { ageMs, answerPathMs }: Pick<Probe, 'ageMs' | 'answerPathMs'>,
  idleTimeoutMs: number,
  lags: SweepLags,
  toleranceMs: number,
  random: Prng,
): DeathProbability {
  const deaths = { likely: 0, least: 0, most: 0 };
  for (let index = 0; index < drawsPerProbe; index++) {
    const closesMs = idleTimeoutMs + drawn(lags.timerLatenessMs, random) - answerPathMs;
    const fromMs = closesMs - drawn(lags.requestPathMs, random);
    const toMs = closesMs + drawn(lags.responsePathMs, random);
    const isWithin = (moreMs: number) => fromMs - moreMs < ageMs && ageMs < toMs + moreMs;
    deaths.likely += Number(isWithin(0));
    deaths.least += Number(isWithin(-toleranceMs));
    deaths.most += Number(isWithin(toleranceMs));
  }
  return {
    likely: deaths.likely / drawsPerProbe,
    least: deaths.least / drawsPerProbe,
    most: deaths.most / drawsPerProbe,
  };
}

function drawn(samples: readonly number[], random: Prng): number {
  return samples[Math.floor(random() * samples.length)];
}
