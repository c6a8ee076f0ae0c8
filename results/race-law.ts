/**
 * The law of the race as numbers: how many requests of a plan the idle close will kill.
 *
 * The prediction is made from the plan, the policy and measured lags, never from outcomes, and is
 * shown beside what was measured. What it leaves out: requests are replayed at their intended
 * times, so the generator's lateness is not in it; lags are drawn independently, although a server
 * that is late with its timer is late with reading too; packet loss is not modelled. Lags come from
 * requests that were answered, well before the idle timeout, so the moments at which many
 * connections close at once, which are the busy ones, are under-represented: the predicted window is
 * rather too narrow than too wide, by a fraction of the lag, not of the round trip.
 */
import { nsPerMs } from '../harness/base/clock.ts';
import { prng } from '../harness/base/prng.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import type { Policy } from '../harness/contract/policy.ts';
import type { RaceWindow } from '../harness/contract/summary.ts';
import { type LagSamples, RaceReplay } from './race-law-replay.ts';

export type { LagSamples } from './race-law-replay.ts';

export interface PredictionInput {
  readonly plan: LoadPlan;
  readonly policy: Policy;
  readonly network: { readonly rttMs: number };
  readonly lags: LagSamples;
  readonly connectionsPerClientMax: number | null;
  /** What the server's `Keep-Alive: timeout` hint says, ms; left out or null: it sends none. */
  readonly advertisedTimeoutMs?: number | null;
  /** Each idle wait's timeout is longer by 0 to this, uniformly; left out: 0. */
  readonly idleJitterMs?: number;
  readonly seed: number;
}

export interface RacePrediction {
  /** Expected share of the measured time's requests whose first attempt dies of the race. */
  readonly raceProbability: number;
  /** Expected share whose first attempt goes out on a fresh connection. */
  readonly freshShare: number;
  readonly expectedRaces: number;
}

/** Replays are averaged until this many requests have been replayed, but at most 16 times. */
const replayedRequestsMin = 1_000_000;
const replaysMax = 16;

/** @returns null for a closed loop, whose sending times depend on its answers, and for a plan without measured requests. */
export function predictRaces(input: PredictionInput): RacePrediction | null {
  const { plan, network, seed } = input;
  if (plan.loop === 'closed' || plan.intendedNs.length === 0) return null;
  const setup = {
    ...input,
    rttMs: network.rttMs,
    advertisedTimeoutMs: input.advertisedTimeoutMs ?? null,
    idleJitterMs: input.idleJitterMs ?? 0,
  };
  const replay = new RaceReplay(setup, prng(seed, 'race-law', plan.round));
  const replays = Math.min(replaysMax, Math.ceil(replayedRequestsMin / plan.intendedNs.length));
  let races = 0;
  let fresh = 0;
  let started = 0;
  for (let index = 0; index < replays; index++) {
    const count = replay.run();
    races += count.races;
    fresh += count.fresh;
    started += count.started;
  }
  if (started === 0) return null;
  return { raceProbability: races / started, freshShare: fresh / started, expectedRaces: races / replays };
}

/** The mean window that the lags make; null where nothing was measured. */
export function windowOf(lags: LagSamples, rttMs: number): RaceWindow {
  const requestPathMs = meanMs(lags.requestPathNs);
  const responsePathMs = meanMs(lags.responsePathNs);
  const known = requestPathMs !== null && responsePathMs !== null;
  return {
    rttMs,
    serverLagMs: requestPathMs === null ? null : requestPathMs - rttMs / 2,
    clientLagMs: responsePathMs === null ? null : responsePathMs - rttMs / 2,
    timerLatenessMs: meanMs(lags.timerLatenessNs),
    widthMs: known ? requestPathMs + responsePathMs : null,
    lagSamples: lags.requestPathNs.length,
  };
}

/** Idle ages at which a reuse dies, as the client counts them, ms: T + δs − R − λs to T + δs + λc. */
export interface DeadlyAges {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @returns null where a lag is not known; an unknown timer lateness counts as 0. */
export function deadlyAges(window: RaceWindow, serverIdleTimeoutMs: number): DeadlyAges | null {
  const { rttMs, serverLagMs, clientLagMs, timerLatenessMs } = window;
  if (serverLagMs === null || clientLagMs === null) return null;
  const closesMs = serverIdleTimeoutMs + (timerLatenessMs ?? 0);
  return { fromMs: Math.max(0, closesMs - rttMs - serverLagMs), toMs: closesMs + clientLagMs };
}

/** One connection per client, exponential gaps: e^(−from/mean) − e^(−to/mean), about W/mean · e^(−T/mean). */
export function poissonRaceProbability({ fromMs, toMs }: DeadlyAges, gapMsMean: number): number {
  return Math.exp(-fromMs / gapMsMean) - Math.exp(-toMs / gapMsMean);
}

/** One connection per client, gaps uniform between the two: the window's share of them. */
export function uniformRaceProbability(
  { fromMs, toMs }: DeadlyAges,
  gapMsMin: number,
  gapMsMax: number,
): number {
  return Math.max(0, Math.min(toMs, gapMsMax) - Math.max(fromMs, gapMsMin)) / (gapMsMax - gapMsMin);
}

function meanMs(samplesNs: Float64Array): number | null {
  if (samplesNs.length === 0) return null;
  return samplesNs.reduce((sum, value) => sum + value, 0) / samplesNs.length / nsPerMs;
}
