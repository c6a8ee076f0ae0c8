/**
 * How many requests of a plan the idle close makes fail: the law of `deadly-ages.ts`, played out.
 *
 * The rate is made from the plan, the moments at which requests were let go, the policy and measured
 * lags, never from outcomes, and is shown beside what was measured. What it leaves out: lags are drawn
 * independently, although a server that is late with its timer is late with reading too; packet loss
 * is not modelled. Lags come from requests that were answered, well before the idle timeout, so the
 * moments at which many connections close at once, which are the busy ones, are under-represented:
 * the window is rather too narrow than too wide, by a fraction of the lag, not of the round trip.
 */

import { prng } from '../../base/prng.ts';
import { nsPerMs } from '../../base/units.ts';
import type { LoadPlan } from '../../contract/load-plan.ts';
import type { Policy } from '../../contract/policy.ts';
import type { RaceWindow } from '../../contract/summary.ts';
import { type LagSamples, RaceReplay } from './race-law-replay.ts';

export type { LagSamples } from './race-law-replay.ts';

export interface PredictionInput {
  readonly plan: LoadPlan;
  /** When each request was let go, by row; left out or null: when it was intended. Holds no outcome. */
  readonly startedNs?: Float64Array | null;
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
  /** Expected share of the measured time's requests whose first attempt fails because of the race. */
  readonly raceProbability: number;
  /** Expected share whose first attempt goes out on a fresh connection. */
  readonly freshShare: number;
  /** Mean over the replays. */
  readonly expectedRaces: number;
  /** Standard deviation over the replays: how far a count may lie from its mean, given this plan. */
  readonly racesSd: number;
  /** Requests of the measured time. */
  readonly requests: number;
  readonly replays: number;
}

/** Replays are averaged until this many requests have been replayed, but 4 to 16 times. */
const replayedRequestsMin = 400_000;
const replaysMin = 4;
const replaysMax = 16;

/** @returns null for a closed loop, whose sending times depend on its answers, and for a plan without measured requests. */
export function predictRaces(input: PredictionInput): RacePrediction | null {
  const { plan, network, seed } = input;
  if (plan.loop === 'closed' || plan.intendedNs.length === 0) return null;
  const setup = {
    ...input,
    startedNs: input.startedNs ?? null,
    rttMs: network.rttMs,
    advertisedTimeoutMs: input.advertisedTimeoutMs ?? null,
    idleJitterMs: input.idleJitterMs ?? 0,
  };
  const replay = new RaceReplay(setup, prng(seed, 'race-law', plan.round));
  const wanted = Math.ceil(replayedRequestsMin / plan.intendedNs.length);
  const counts = Array.from({ length: Math.min(replaysMax, Math.max(replaysMin, wanted)) }, () =>
    replay.run(),
  );
  const requests = counts[0].started;
  if (requests === 0) return null;
  const mean = (of: (count: (typeof counts)[number]) => number) =>
    counts.reduce((sum, count) => sum + of(count), 0) / counts.length;
  const expectedRaces = mean(({ races }) => races);
  const squares = counts.reduce((sum, { races }) => sum + (races - expectedRaces) ** 2, 0);
  return {
    raceProbability: expectedRaces / requests,
    freshShare: mean(({ fresh }) => fresh) / requests,
    expectedRaces,
    racesSd: Math.sqrt(squares / (counts.length - 1)),
    requests,
    replays: counts.length,
  };
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

function meanMs(samplesNs: Float64Array): number | null {
  if (samplesNs.length === 0) return null;
  return samplesNs.reduce((sum, value) => sum + value, 0) / samplesNs.length / nsPerMs;
}
