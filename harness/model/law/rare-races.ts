/**
 * The race probability in closed form, for races that a replay of the plan counts none of: with T far
 * in the tail of the gaps, ∫ f(g) · P(the window covers g) dg, f being the density of the scenario's
 * gaps. The inner probability is the mean over draws from the measured lags.
 *
 * It holds for clients with one request under way at a time, and leaves out the pacer's lateness.
 */

import { prng } from '../../base/prng.ts';
import { nsPerMs } from '../../base/units.ts';
import type { Policy } from '../../contract/policy.ts';
import type { ScenarioConfig } from '../../contract/run-config.ts';
import { nominalResponseMs } from '../nominal-response.ts';
import { deadlyAges, perRequest } from './deadly-ages.ts';
import { gapSurvival } from './gap-survival.ts';
import type { LagSamples } from './race-law.ts';
import { evictionAgeMs } from './race-law-replay.ts';

export interface RareRaceInput {
  readonly scenario: Pick<ScenarioConfig, 'traffic' | 'client' | 'network' | 'target'>;
  readonly policy: Policy;
  readonly lags: LagSamples;
  readonly advertisedTimeoutMs: number | null;
  readonly idleJitterMs: number;
  readonly seed: number;
}

const draws = 10_000;

/**
 * Expected share of requests whose first attempt fails because of the race; an upper bound where
 * connections have a maximum age or number of requests.
 * @returns null for traffic whose gaps are not the connections' idle ages.
 */
export function rareRaceProbability(input: RareRaceInput): number | null {
  const { scenario, policy, lags, idleJitterMs } = input;
  const idleTimeoutMs = policy.server.idleTimeoutMs;
  if (!policy.connection.reuse || idleTimeoutMs === null) return 0;
  const longerThan = gapSurvival(scenario);
  if (longerThan === null) return null;
  const random = prng(input.seed, 'rare-races');
  const pathMs = scenario.network.rttMs / 2;
  const drawMs = (samplesNs: Float64Array, whenEmpty: number) =>
    samplesNs.length === 0 ? whenEmpty : samplesNs[Math.floor(random() * samplesNs.length)] / nsPerMs;
  const oldestMs = Math.min(evictionAgeMs(input), policy.connection.ageMaxMs ?? Number.POSITIVE_INFINITY);
  // Think-time plans add it to each gap; the other kinds plan from request to request.
  const plannedMs = scenario.traffic.kind === 'think-time' ? nominalResponseMs(scenario) : 0;
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    const answerPathMs = drawMs(lags.responsePathNs, pathMs);
    const { fromMs, toMs } = deadlyAges(
      {
        rttMs: 2 * pathMs,
        timerLatenessMs: drawMs(lags.timerLatenessNs, 0) + idleJitterMs * random(),
        serverLagMs: drawMs(lags.requestPathNs, pathMs) - pathMs,
        answerLagMs: answerPathMs - pathMs,
        closeLagMs: drawMs(lags.closePathNs, pathMs) - pathMs,
      },
      idleTimeoutMs,
    );
    const responseMs = drawMs(lags.requestPathNs, pathMs) + drawMs(lags.serviceNs, 0) + answerPathMs;
    const gapMs = (ageMs: number) => ageMs + responseMs - plannedMs;
    sum += Math.max(0, longerThan(gapMs(fromMs)) - longerThan(gapMs(Math.min(toMs, oldestMs))));
  }
  return perRequest(sum / draws);
}
