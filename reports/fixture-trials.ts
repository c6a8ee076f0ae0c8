/** The fixture's trials and time line: three rounds of eight seconds, the second one unhealthy where asked. */
import type { Prng } from '../harness/base/prng.ts';
import type { TrialSummary, Window } from '../harness/contract/summary.ts';
import type { StrategyTraits } from './fixture-strategy.ts';

const rounds = [1, 2, 3];
const seconds = 8;
const requestsPerSecond = 392;
const fingerprints = ['9f2c1b7a00e4d318', '4410c2aa9be7f05d', 'b07e55d1c3a8620f'];

export function fixtureTrials(traits: StrategyTraits, scenarioId: string, random: Prng): TrialSummary[] {
  return rounds.map((round) => {
    const started = requestsPerSecond * seconds;
    const races = Math.round(traits.raceRate * started * (0.9 + 0.2 * random()));
    const failed = traits.retries ? 0 : races;
    const isHealthy = traits.isHealthy || round !== 2;
    return {
      round,
      order: 1 + Math.floor(7 * random()),
      planFingerprint: fingerprints[round - 1],
      file: `trials/${scenarioId}.${traits.label.replace(/[^a-z0-9-]+/g, '-')}.r${round}.samples`,
      health: {
        ok: isHealthy,
        reasons: isHealthy ? [] : ['the generator was late: p99 61.0 ms (limit 50 ms)'],
        readings: {
          latenessMsP99: isHealthy ? 0.24 : 61,
          generatorEventLoopDelayMsP99: 1.2,
          generatorStallMsMax: 3.1,
          generatorCpuShare: null,
          droppedShare: 0,
          wireLatenessMsP99: 0.3,
          wireStallMsMax: 2.4,
          wireCpuShare: 0.11,
          balancerStallMsMax: null,
          targetStallMsP99: 0.8,
          targetStallMsMax: 4.2,
          targetWaitShare: 0.04,
          stealShare: 0.01,
          clockStepMs: 0.3,
        },
      },
      laws: [{ law: 'scheduled = started + dropped', left: started, right: started }],
      outcomes: failed === 0 ? { ok: started } : { ok: started - failed, 'idle-race': failed },
      requests: { scheduled: started, started, ok: started - failed, failed },
      retries: traits.retries ? races : 0,
      idleRaces: races,
      responseTimeMs: { p50: 11.2, p99: isHealthy ? 28.4 : null, max: 61.5 },
      latenessMsP99: isHealthy ? 0.24 : 61,
      connectionsOpened: Math.round(traits.freshShare * started),
      serverCpuMsPer1000Requests: traits.cpuMs,
      serverRssBytesMax: isHealthy ? 66 * 2 ** 20 : null,
      predictedRaceProbability: isHealthy ? traits.raceRate * 0.97 : null,
    };
  });
}

export function fixtureWindows(traits: StrategyTraits, p99: number, random: Prng): Window[] {
  return rounds.flatMap((round) =>
    Array.from({ length: seconds }, (_, second) => {
      const requests = Math.round(requestsPerSecond * (0.95 + 0.1 * random()));
      const races = Math.round(traits.raceRate * requests * 2 * random());
      const failed = traits.retries ? 0 : races;
      return {
        round,
        second,
        requests,
        ok: requests - failed,
        failed,
        retries: traits.retries ? races : 0,
        idleRaces: races,
        responseTimeMsP50: 11.2,
        responseTimeMsP99: second === 5 && round === 1 ? null : p99 * (0.85 + 0.3 * random()),
        responseTimeMsMax: 61.5,
        connectionsOpen: Math.round(traits.openMax * (0.85 + 0.15 * random())),
        connectionsOpened: Math.round(traits.freshShare * requests),
        serverConnectionsOpen: traits.isHealthy ? Math.round(traits.openMax * (0.9 + 0.1 * random())) : null,
        serverConnectionsAccepted: traits.isHealthy ? Math.round(traits.openMax * 0.2) : null,
        serverCpuShare: traits.cpuMs === null ? null : (traits.cpuMs * requestsPerSecond) / 1e6,
        serverRssBytes: traits.isHealthy ? 66 * 2 ** 20 : null,
      };
    }),
  );
}
