/**
 * Compares the server's idle timeout as the client saw it with the configured one. The evidence is the idle ages at
 * which the server closed connections, and those at which a reuse succeeded.
 *
 * With the right T, nearly every connection that is idle for longer than T plus the window is closed
 * before its next request. Successes beyond it, or closes at other ages, show that T is wrong. A
 * single stall causes some of either, so they count only if there are more of them than closes at T. Not used:
 * unhealthy trials, trials whose policy changes the server's timeout, targets that commit faults, and scenarios
 * with a balancer.
 */
import { formatDuration, nsPerMs } from '../harness/base/units.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { Policy } from '../harness/contract/policy.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import { closeCauses, type GeneratorReport } from '../harness/contract/samples.ts';
import type { IdleTimeoutSeen } from '../harness/contract/summary.ts';
import type { TrialResult } from '../harness/contract/trial.ts';

/** Fewer than this many observations of a kind show nothing. */
const observationsMin = 3;

/** How far from a timeout an age may be and still agree with it, beside the round trip: timers in steps, lags. */
function toleranceMs({ network }: ScenarioConfig, timeoutMs: number): number {
  return network.rttMs + Math.max(20, 0.05 * timeoutMs);
}

export function idleTimeoutSeen(scenario: ScenarioConfig, trials: readonly TrialResult[]): IdleTimeoutSeen {
  const { target, via } = scenario;
  const configuredMs = target.idleTimeoutMs;
  const faulty = 'faults' in target && Object.keys(target.faults).length > 0;
  const counted = via !== null || faulty ? [] : trials.filter(isCounted(configuredMs));
  const closes = counted.flatMap(({ generator }) => closeAgesMs(generator));
  const aroundMs = configuredMs ?? Number.POSITIVE_INFINITY;
  const asideMs = toleranceMs(scenario, configuredMs ?? 0);
  const jitterMs = target.kind === 'embedded' ? target.idleJitterMs : 0;
  const latestMs = aroundMs + jitterMs + asideMs;
  const early = closes.filter((ms) => ms < aroundMs - asideMs);
  const late = closes.filter((ms) => ms > latestMs);
  const reusesBeyond = reusesOlderThan(counted, latestMs);
  const closesAsConfigured = closes.length - early.length - late.length;
  // A server that looks for idle connections once a second closes some at T and the others up to a second later.
  const closesFromThere = closesAsConfigured >= observationsMin;
  const elsewhere = (closesFromThere ? early : [...early, ...late]).sort((a, b) => a - b);
  const outweighs = (count: number) => count >= observationsMin && count > closesAsConfigured;
  const middleMs = elsewhere.length === 0 ? null : elsewhere[Math.floor(elsewhere.length / 2)];
  // A server that closes for another reason also answers at longer idle ages.
  const survivors =
    middleMs === null ? 0 : reusesOlderThan(counted, middleMs + toleranceMs(scenario, middleMs)).count;
  const seen = outweighs(elsewhere.length) && survivors < elsewhere.length;
  return {
    configuredMs,
    differs: seen || (!closesFromThere && outweighs(reusesBeyond.count)),
    seenMs: seen ? middleMs : null,
    evidence: {
      closes: closes.length,
      closesAsConfigured,
      reusesBeyond: reusesBeyond.count,
      longestReuseMs: reusesOlderThan(counted, 0).longestMs,
    },
  };
}

/**
 * Why there is no verdict on a strategy that drops connections by their idle age; null where the configured
 * timeout was not contradicted, and for any other strategy.
 */
export function evictionInDoubt(
  { differs, seenMs, configuredMs, evidence }: IdleTimeoutSeen,
  { connection }: Policy,
): string | null {
  if (!differs || (connection.idleTimeoutMs === null && connection.hintMarginMs === null)) return null;
  const round = (ms: number | null) => (ms === null ? 'none' : formatDuration(Math.round(ms)));
  const instead = seenMs === null ? `above ${round(evidence.longestReuseMs)}` : round(seenMs);
  return `the server’s idle timeout seems to be ${instead}, not ${round(configuredMs)}`;
}

type Finished = TrialResult & { readonly generator: GeneratorReport };

function isCounted(configuredMs: number | null): (trial: TrialResult) => trial is Finished {
  return (trial): trial is Finished =>
    trial.generator !== null &&
    trial.health.ok &&
    trial.identity.policy.server.idleTimeoutMs === configuredMs;
}

/** From the last answer read on a connection to the server's close of it, ms. */
function closeAgesMs({ requests, connections }: GeneratorReport): number[] {
  const readNs = new Float64Array(connections.closedNs.length).fill(Number.NaN);
  requests.doneNs.forEach((doneNs, row) => {
    const connection = requests.connection[row];
    // NaN is never the smaller one.
    if (isAnswered(requests, row) && !(readNs[connection] >= doneNs)) readNs[connection] = doneNs;
  });
  const idle = closeCauses.indexOf('server-idle');
  return Array.from(connections.closedNs, (closedNs, row) =>
    connections.cause[row] === idle ? (closedNs - readNs[row]) / nsPerMs : Number.NaN,
  ).filter((ms) => !Number.isNaN(ms));
}

/** First attempts that were answered on a connection that had been idle for longer than `ageMs`. */
function reusesOlderThan(
  trials: readonly Finished[],
  ageMs: number,
): { readonly count: number; readonly longestMs: number | null } {
  let count = 0;
  let longestMs: number | null = null;
  for (const { generator } of trials) {
    const { idleAgeNs, reused, attempts } = generator.requests;
    for (let row = 0; row < idleAgeNs.length; row++) {
      const idleMs = idleAgeNs[row] / nsPerMs;
      const isReuse = reused[row] === 1 && attempts[row] === 1 && isAnswered(generator.requests, row);
      if (!isReuse || !(idleMs > ageMs)) continue;
      count++;
      longestMs = Math.max(longestMs ?? 0, idleMs);
    }
  }
  return { count, longestMs };
}

function isAnswered({ outcome }: GeneratorReport['requests'], row: number): boolean {
  return outcome[row] === outcomeCode.ok || outcome[row] === outcomeCode.status;
}
